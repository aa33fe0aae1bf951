"""The people of a story that went on: those the case knows stay as they are, new ones are proposed.

Somebody is known again by the words that gave them their part, or by their name. What a person
confirmed, corrected or removed stands; only what nobody touched yet is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from cases import audit
from cases.identities import Identities
from cases.people import Person
from cases.person_identity import Identity, proposed_identity
from cases.person_rows import SQL, put_part, put_relation, sealed_values, worth_keeping
from cases.rows import Row
from cases.story_parts import SQL as TOLD
from intake.name_matching import levelled_name
from intake.people import People, PersonRole, ProposedPerson

FIRST = 1  # the revision of somebody nobody corrected
NAMED, SAME_WORDS, NEAR_WORDS, CALLED = 4, 2, 1, 1
Pairs = set[frozenset[str]]


@dataclass
class Known:
    """Somebody of the case: their parts, whatever became of them, and who they are."""

    id: str
    agency_id: str
    revision: int
    identity: Identity | None
    parts: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    untouched: bool = True  # by a person, so far


class MorePeople(Identities):
    """Proposes the people of additions."""

    def propose(
        self, session: Session, actor: Person, case_id: str, people: People, since: int
    ) -> int:
        """Keep what the words from ``since`` on say of people; how many persons are new."""
        known = self._known(session, case_id)
        ids = _matched(people, known)
        tied = {r.person for r in people.relations} | {r.relative for r in people.relations}
        new = [
            p
            for p in people.persons
            if p.id not in ids and _spoken_of(p, since) and worth_keeping(p, tied)
        ]
        by_id = {k.id: k for k in known}
        for person in people.persons:
            if person.id in ids:
                one = by_id[ids[person.id]]
                self._fill(session, actor, one, person)
                _put_parts(session, case_id, one, person, since)
        for person in new:
            ids[person.id] = self._add(session, actor, proposed_identity(person))
            _put_parts(session, case_id, Known(ids[person.id], "", 0, None), person, 0)
        _put_ties(session, case_id, people, ids)
        if new:
            audit.record(session, case_id, actor.id, "persons_proposed", case_id, {"n": len(new)})
        return len(new)

    def _known(self, session: Session, case_id: str) -> list[Known]:
        found: dict[str, Known] = {}
        for row in TOLD.rows(session, "parts_ever", case_id=case_id):
            one = found.get(row["id"]) or self._one(row)
            found[one.id] = one
            one.parts[row["role"]] = [(start, end) for start, end in row["spans"]]
            one.untouched &= row["standing"] == "proposed"
        return list(found.values())

    def _one(self, row: Row) -> Known:
        identity = None if row["sealed"] is None else self.opened(row)
        untouched = row["revision"] == FIRST
        return Known(row["id"], row["agency_id"], row["revision"], identity, untouched=untouched)

    def _fill(self, session: Session, actor: Person, one: Known, said: ProposedPerson) -> None:
        """What nobody decided on yet takes what the story says now, where it said nothing."""
        if one.identity is None or not one.untouched or one.agency_id != actor.agency_id:
            return
        told = proposed_identity(said).model_dump()
        empty = {n for n, v in one.identity.model_dump().items() if v in ("", None, ())}
        more = {n: told[n] for n in empty if told[n] not in ("", None, ())}
        if not more:
            return
        identity = one.identity.model_copy(update=more)
        sealed = sealed_values(self._sealed(session, one.id, identity))
        SQL.run(session, "change_person", id=one.id, revision=one.revision, **sealed)
        self.index(session, one.id, one.agency_id, identity)


def _matched(people: People, known: list[Known]) -> dict[str, str]:
    """The known person each proposed one is; the surest pairs first, nobody twice."""
    scored = sorted(
        (-score, p.id, one.id)
        for p in people.persons
        for one in known
        if (score := _likeness(p, one))
    )
    ids: dict[str, str] = {}
    for _, said, one in scored:
        if said not in ids and one not in ids.values():
            ids[said] = one
    return ids


def _likeness(said: ProposedPerson, one: Known) -> int:
    """How much speaks for one person: 0 for nothing, or for two names."""
    told = proposed_identity(said)
    named = _same_name(told, one.identity)
    if named is False:
        return 0
    words = max((_shared(said, role, spans) for role, spans in one.parts.items()), default=0)
    called = one.identity is not None and told.called and told.called == one.identity.called
    return (NAMED if named else 0) + words + (CALLED if words and called else 0)


def _same_name(told: Identity, known: Identity | None) -> bool | None:
    """Whether both are named alike; None where one of them has no name."""
    if known is None or not told.given_name or not (known.given_name or known.nicknames):
        return None
    families = {levelled_name(i.family_name) for i in (told, known) if i.family_name}
    if len(families) > 1:
        return False
    names = [{levelled_name(n) for n in (i.given_name, *i.nicknames) if n} for i in (told, known)]
    return not names[0].isdisjoint(names[1])


def _shared(said: ProposedPerson, role: str, spans: list[tuple[int, int]]) -> int:
    """Whether the same words, or near ones, gave the same part."""
    own = [(s.start, s.end) for r in said.roles if r.role.value == role for s in r.spans]
    own = own or [(s.start, s.end) for s in said.spans[:1]]
    if any(place in spans for place in own):
        return SAME_WORDS
    near = any(a < d and c < b for a, b in own for c, d in spans)
    return NEAR_WORDS if near else 0


def _spoken_of(person: ProposedPerson, since: int) -> bool:
    return any(s.start >= since for s in person.spans)


def _put_parts(
    session: Session, case_id: str, one: Known, person: ProposedPerson, since: int
) -> None:
    """Parts the words from ``since`` on give, unless the person has or had them."""
    for part in person.roles:
        where = part.spans or person.spans[:1]
        bare = part.role is PersonRole.OTHER and one.parts
        if part.role.value in one.parts or bare or not any(s.start >= since for s in where):
            continue
        spans = [(s.start, s.end) for s in where]
        given: dict[str, Any] = {"score": part.score, "spans": spans}
        put_part(session, case_id, one.id, part.role.value, "proposed", **given)


def _put_ties(session: Session, case_id: str, people: People, ids: dict[str, str]) -> None:
    """Ties between people who were never tied before, whichever way."""
    rows = TOLD.rows(session, "ties_ever", case_id=case_id)
    tied: Pairs = {frozenset((r["person_id"], r["relative_id"])) for r in rows}
    for tie in people.relations:
        pair = (ids.get(tie.person), ids.get(tie.relative))
        if pair[0] is None or pair[1] is None or frozenset(pair) in tied:
            continue
        both = (pair[0], pair[1])
        spans = [(s.start, s.end) for s in tie.spans]
        lives = tie.lives_with.value
        put_relation(session, case_id, both, tie.kinship, lives, "proposed", spans=spans)
