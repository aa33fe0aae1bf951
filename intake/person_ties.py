"""Ties between the people of a story: kinship with its direction, and who shares a home."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake.mentions import Mention, Told
from intake.people import LivesWith, PersonRole, ProposedRelation
from intake.person_figure import Figure
from intake.person_traits import span_of

Place = tuple[int, int]
PARENTS = frozenset({"mother", "father", "parents", "step_mother", "step_father", "foster_parent"})
AFTER, BEFORE, CARING = 60, 26, 44


@dataclass(frozen=True)
class Tie:
    """``person`` is the ``kinship`` of ``relative``; ``said``: the story itself says whose."""

    person: Figure
    relative: Figure
    kinship: str
    place: Place
    said: bool


class Ties:
    """The ties of a story's people, one for each pair and kinship."""

    def __init__(
        self, told: Told, cast: list[Figure], clients: list[Figure], of: Mapping[Mention, Figure]
    ) -> None:
        self._told = told
        self._cast = cast
        self._clients = clients
        self._of = of
        self._patterns = told.words.patterns
        self.ties = list(self._unique(self._found()))

    def proposed(self, ids: Mapping[Figure, str]) -> Iterator[ProposedRelation]:
        """The ties as proposals."""
        for tie in self.ties:
            lives, places = self._home(tie.person)
            yield ProposedRelation(
                person=ids[tie.person],
                relative=ids[tie.relative],
                kinship=tie.kinship,
                inverse=self._told.words.inverses[tie.kinship],
                spans=(span_of(self._told.text, *tie.place),),
                lives_with=lives,
                lives_with_spans=tuple(span_of(self._told.text, *p) for p in places),
                unsure=not tie.said,
            )

    def parts_of(self, figure: Figure) -> dict[PersonRole, list[Place]]:
        """The parts that follow from ties to a client: parent, guardian, of the household."""
        found: dict[PersonRole, list[Place]] = defaultdict(list)
        for tie in self.ties:
            if tie.person is not figure or tie.relative not in self._clients:
                continue
            if tie.kinship in PARENTS:
                found[PersonRole.PARENT].append(tie.place)
            caring = self._caring(figure)
            if caring and tie.relative.young:
                found[PersonRole.GUARDIAN] += caring
            lives, places = self._home(figure)
            if lives is LivesWith.YES:
                found[PersonRole.HOUSEHOLD_MEMBER] += places
        return found

    def _found(self) -> Iterator[Tie]:
        for figure in self._cast:
            said = dict(figure.owners)
            for mention in figure.mentions:
                word = mention.word
                if word is None or not word.kin or mention.kind == "name" or mention.quoted:
                    continue
                owner = self._of.get(said[mention]) if mention in said else None
                place = (mention.start, mention.end)
                for relative in [owner] if owner else self._meant(figure, word.id):
                    if relative is not figure:
                        yield Tie(figure, relative, word.id, place, said=owner is not None)

    def _meant(self, figure: Figure, kinship: str) -> list[Figure]:
        """Whose kin somebody is when the story leaves it out; a parent is one of the children."""
        if kinship in PARENTS and not any(c.young for c in self._clients if c is not figure):
            children = [f for f in self._cast if f.young and f.named and f is not figure]
            if children and not any(f.speaker and f.mentions for f in self._cast):
                return children
        one = self._default(figure)
        return [one] if one else []

    def _default(self, figure: Figure) -> Figure | None:
        """Whose kin somebody is when the story leaves it out: the client's, or the speaker's."""
        speakers = [f for f in self._cast if f.speaker]
        if figure in self._clients:
            return speakers[0] if speakers and figure is not speakers[0] else None
        return self._clients[0] if self._clients else None

    def _unique(self, ties: Iterator[Tie]) -> Iterator[Tie]:
        best: dict[tuple[Figure, str], dict[Figure, Tie]] = {}
        for tie in ties:
            known = best.setdefault((tie.person, tie.kinship), {})
            if tie.said and not any(t.said for t in known.values()):
                known.clear()
            if tie.relative not in known and (tie.said or not any(t.said for t in known.values())):
                known[tie.relative] = tie
        found = [tie for known in best.values() for tie in known.values()]
        pairs = {(t.person, t.relative) for t in found if t.kinship not in PARENTS}
        yield from (
            t for t in found if t.kinship not in PARENTS or (t.relative, t.person) not in pairs
        )

    def _home(self, figure: Figure) -> tuple[LivesWith, list[Place]]:
        """Whether somebody shares the home; unknown when the words disagree or say nothing."""
        yes = list(self._said_of(figure, self._patterns["home.together"]))
        no = list(self._said_of(figure, self._patterns["home.apart"]))
        if bool(yes) == bool(no):
            return LivesWith.UNKNOWN, []
        return (LivesWith.YES, yes) if yes else (LivesWith.NO, no)

    def _caring(self, figure: Figure) -> list[Place]:
        return [p for m in figure.mentions for p in self._after(m, self._patterns["carer"], CARING)]

    def _said_of(self, figure: Figure, pattern: re.Pattern[str]) -> Iterator[Place]:
        text = self._told.text
        for mention in figure.mentions:
            yield from self._after(mention, pattern, AFTER)
            lead = text[max(0, mention.start - BEFORE) : mention.start]
            for match in pattern.finditer(lead):
                if match.end() >= len(lead) - 3:
                    start = mention.start - len(lead)
                    yield start + match.start(), start + match.end()

    def _after(self, mention: Mention, pattern: re.Pattern[str], reach: int) -> Iterator[Place]:
        """Places shortly behind somebody, before anybody else is spoken of."""
        following = [m.start for m in self._told.mentions if m.start >= mention.end]
        stop = min([mention.end + reach, *following[:1]])
        match = pattern.search(self._told.text[mention.end : stop])
        if match:
            yield mention.end + match.start(), mention.end + match.end()
