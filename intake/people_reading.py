"""Reads the people of a story: casts them, gives them their parts and traits, draws their ties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from intake.mentions import NAME, PRONOUN, WORD, Told
from intake.normal import View, typed_right
from intake.people import People, PersonRole, ProposedPerson, ProposedRole
from intake.person_clients import Parts, Place
from intake.person_clusters import figures
from intake.person_figure import Figure
from intake.person_roles import Casting
from intake.person_ties import Ties
from intake.person_traits import span_of
from intake.rules import read
from intake.schemas import Span

CLIENT, SELF_CLIENT, SELF_FIRST, ALSO, PAIR = 1.2, 2.4, 1.3, 0.65, 60
BLAMED, UNSURE, BEFELL = 0.79, 0.4, 0.6
ROLE = PersonRole


def find_people(text: str) -> People:
    """The people of a story and their ties, as proposals; spans in the story itself."""
    view = typed_right(text)
    found = _people(view.text)
    if view.text == text:
        return found
    mended: People = _put_back(found, view, text)
    return mended


def _put_back(part: Any, view: View, text: str) -> Any:
    """Findings of a mended story with the places and words of the story as it was typed."""
    if isinstance(part, Span):
        start, end = view.original(part.start, part.end)
        return Span(start=start, end=end, text=text[start:end])
    if isinstance(part, tuple):
        return tuple(_put_back(p, view, text) for p in part)
    if isinstance(part, BaseModel):
        return part.model_copy(update={n: _put_back(v, view, text) for n, v in part})
    return part


def _people(text: str) -> People:
    told = Told(text)
    casting = Casting(told, read(text), figures(told))
    parts = casting.play()
    cast = [f for f in casting.cast if f.mentions]
    clients = _clients(told, cast, parts)
    ties = Ties(told, cast, clients, casting.of)
    ids = {f: f"p{n}" for n, f in enumerate(cast, start=1)}
    persons = tuple(
        _person(told, casting, ids[f], f, _roles(told, f, parts[f], clients, ties)) for f in cast
    )
    return People(persons=persons, relations=tuple(ties.proposed(ids)))


def _clients(told: Told, cast: Iterable[Figure], parts: dict[Figure, Parts]) -> list[Figure]:
    """Whom the story is about: the one who scores most, and whoever scores nearly as much."""
    scores = {f: parts[f].scores.get(ROLE.CLIENT, 0.0) for f in cast}
    own = [f for f in scores if f.speaker and scores[f] >= SELF_CLIENT]
    least = CLIENT if not own else max(CLIENT, SELF_FIRST * scores[own[0]])
    others = {f: s for f, s in scores.items() if not f.speaker and s >= least}
    if not others:
        return own or _struck(scores, parts)
    most = max(others.values())
    top = max(others, key=lambda f: others[f])
    near = [f for f, s in others.items() if s >= ALSO * most and f.young == top.young]
    pairs = [f for f in others if f not in near and _paired(told, top, f)]
    beside = [*near, *pairs]
    return [*own, *sorted(beside, key=lambda f: -others[f])]


def _struck(scores: dict[Figure, float], parts: dict[Figure, Parts]) -> list[Figure]:
    """In a story of a line or two nobody stands out: whomever most befell."""
    befell = [f for f in scores if not f.speaker and parts[f].places.get(ROLE.CLIENT)]
    most = max(befell, key=lambda f: scores[f], default=None)
    return [most] if most and scores[most] >= BEFELL else []


def _paired(told: Told, one: Figure, other: Figure) -> bool:
    """Whether two are introduced together by name: "… and …"."""
    first, second = sorted((one, other), key=lambda f: f.first)
    between = told.text[first.first : second.first]
    joined = told.words.patterns["client.together"].search(between)
    return bool(joined and one.young == other.young and len(between) <= PAIR and other.named)


def _roles(
    told: Told, figure: Figure, parts: Parts, clients: list[Figure], ties: Ties
) -> tuple[list[ProposedRole], list[ProposedRole]]:
    """Proposed and unsure parts of somebody."""
    sure: list[ProposedRole] = []
    unsure: list[ProposedRole] = []
    for role, score in parts.scores.items():
        made = _role(told, role, score, parts.places[role])
        if role is ROLE.CLIENT:
            known = figure in clients
        else:
            known = score >= (BLAMED if role is ROLE.ALLEGED_PERPETRATOR else UNSURE)
        if known:
            sure.append(made)
        elif score >= (CLIENT if role is ROLE.CLIENT else UNSURE):
            unsure.append(made)
    for role, places in ties.parts_of(figure).items():
        sure.append(_role(told, role, 1.0, places))
    if not sure:
        sure.append(_role(told, ROLE.OTHER, 0.0, []))
    return sure, unsure


def _role(told: Told, role: PersonRole, score: float, places: Iterable[Place]) -> ProposedRole:
    spans = tuple(span_of(told.text, *p) for p in sorted(set(places)))
    return ProposedRole(role=role, score=round(1 - 0.5**score, 3), spans=spans)


def _person(
    told: Told,
    casting: Casting,
    person_id: str,
    figure: Figure,
    roles: tuple[list[ProposedRole], list[ProposedRole]],
) -> ProposedPerson:
    traits = casting.traits
    return ProposedPerson(
        id=person_id,
        names=_spans(told, figure, NAME),
        terms=_spans(told, figure, WORD),
        spans=_spans(told, figure),
        speaker=figure.speaker,
        sex=traits.sex(figure),
        age_years=traits.ages.get(figure),
        pregnant=traits.pregnant.get(figure),
        disability=traits.disability.get(figure),
        roles=tuple(roles[0]),
        unsure=tuple(roles[1]),
    )


def _spans(told: Told, figure: Figure, kind: str | None = None) -> tuple[Span, ...]:
    ordered = sorted(figure.mentions, key=lambda m: m.start)
    kept = [m for m in ordered if kind is None or m.kind == kind]
    if kind is None and any(m.kind != PRONOUN for m in kept):
        kept = [m for m in kept if m.kind != PRONOUN]
    return tuple(span_of(told.text, m.start, m.end) for m in kept)
