"""Who does what to whom: acts of harm and neglect with their actor and the one who suffers them.

Thai leaves subjects out, so the actor is the nearest person before the act who can be one; after
"was" (passive) it is the person between that word and the act. Denied and asked acts do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from intake.mentions import PRONOUN, SELF, Mention, Told
from intake.negation import Standing
from intake.person_figure import Figure
from intake.rules import SURE, Reading

COUNTED = {Standing.STATED: 1.0, Standing.PAST: 1.0, Standing.OTHER: 0.5, Standing.RUMOURED: 0.4}
NEGLECT = 0.8
INTENDED, CHILDISH = 0.4, 0.45
CLOSE = 7
PASSIVE_REACH, PATIENT_REACH, BEFORE = 46, 12, 200
CLAUSE = " "  # Thai parts clauses by a space


@dataclass(frozen=True)
class Act:
    """One act: where, how much it counts, whose it is (None: nobody said), who suffers it."""

    start: int
    end: int
    weight: float
    actor: Figure | None
    pronoun: Mention | None
    patient: Figure | None


class Acts:
    """Reads the acts of a story."""

    def __init__(
        self, told: Told, reading: Reading, of: dict[Mention, Figure], victims: frozenset[Figure]
    ) -> None:
        self._told = told
        self._reading = reading
        self._of = of
        self._victims = victims
        self._mentions = told.mentions
        self._patterns = told.words.patterns

    def found(self) -> list[Act]:
        """All acts that count."""
        return [
            *self._of_kind("harm.acts", 1.0),
            *self._of_kind("harm.neglect", NEGLECT),
        ]

    def _of_kind(self, kind: str, weight: float) -> Iterator[Act]:
        for match in self._patterns[kind].finditer(self._told.text):
            if match.end() == match.start() or self._inside(match):
                continue
            counts = COUNTED.get(self._standing(match), 0.0) * weight * self._done(match)
            if counts:
                yield self._act(match, counts)

    def _done(self, match: re.Match[str]) -> float:
        """Less for an act only meant to be done, nothing for one only asked after."""
        lead = self._told.text[max(0, match.start() - 72) : match.start()]
        if self._patterns["harm.asked"].search(lead):
            return 0.0
        return INTENDED if self._patterns["harm.intended"].search(lead) else 1.0

    def _inside(self, match: re.Match[str]) -> bool:
        """Whether a match begins inside a mention, or is a few letters inside another word."""
        start, end = match.span()
        part = end - start < SURE and self._told.part_of_word(start, end)
        return part or any(m.start <= start < m.end for m in self._mentions)

    def _standing(self, match: re.Match[str]) -> Standing:
        start, end = self._reading.view.within(*match.span())
        if end <= start:
            return Standing.STATED
        reading = self._reading
        return reading.negation.standing(reading.view.text, reading.parts, start, end)

    def _act(self, match: re.Match[str], weight: float) -> Act:
        before = self._before(match.start())
        passive = self._passive(match.start())
        if passive is not None:
            between = [m for m in before if m.start >= passive]
            patients = [m for m in before if m.end <= passive]
            patient = self._figure(patients[-1]) if patients else None
            if not between:
                return Act(*match.span(), weight, None, None, patient)
            return self._by(match, weight, between[-1:], patient)
        if self._own(before, match.start()):
            return Act(*match.span(), weight, None, None, None)
        after = [m for m in self._mentions if 0 <= m.start - match.end() <= PATIENT_REACH]
        patient = self._figure(after[0]) if after else None
        able = [m for m in before if self._able(m) and self._figure(m) is not patient]
        act = self._by(match, weight, able, patient)
        if act.actor is None or before[-1].kind != PRONOUN:
            return act
        apart = CLAUSE in self._told.text[able[-1].end : match.start()]
        return replace(act, pronoun=before[-1]) if apart else act

    def _by(
        self, match: re.Match[str], weight: float, able: list[Mention], patient: Figure | None
    ) -> Act:
        grown = [m for m in able if m.kind == PRONOUN or not self._young(m)]
        nearest = (grown or able)[-1:]
        if not nearest:
            return Act(*match.span(), weight, None, None, patient)
        actor = self._figure(nearest[0])
        weight *= 1.0 if grown or actor is None else CHILDISH
        pronoun = nearest[0] if nearest[0].kind == PRONOUN else None
        return Act(*match.span(), weight, actor, pronoun, patient)

    def _before(self, at: int) -> list[Mention]:
        """Mentions shortly before a place, in the same paragraph."""
        reach = self._told.words.reach
        low = max(at - reach, self._told.text.rfind("\n", 0, at))
        return [m for m in self._mentions if low <= m.start and m.end <= at]

    def _own(self, before: list[Mention], at: int) -> bool:
        """Whether the one who tells does it: "I" right before the act, not as whose kin it is."""
        if not before or before[-1].kind != SELF:
            return False
        oneself = before[-1]
        whose = len(before) > 1 and before[-2].end == oneself.start
        return not whose and not self._told.text[oneself.end : at].strip()

    def _passive(self, at: int) -> int | None:
        """Where a passive word stands whose act this is."""
        window = self._told.text[max(0, at - PASSIVE_REACH) : at]
        found = list(self._patterns["harm.passive"].finditer(window))
        if not found:
            return None
        place = at - len(window) + found[-1].end()
        between = [m for m in self._mentions if place <= m.start and m.end <= at]
        return place if between or at - place <= CLOSE else None

    def _able(self, mention: Mention) -> bool:
        """Whether somebody may be the actor: not the one who tells, no victim by name of role."""
        if mention.kind == SELF:
            return False
        if mention.kind == PRONOUN:
            return True
        figure = self._figure(mention)
        lead = self._told.text[max(0, mention.start - 12) : mention.start]
        tail = self._told.text[mention.end : mention.end + 12]
        if figure is None or figure in self._victims or self._patterns["harm.object"].search(lead):
            return False
        if self._patterns["harm.dead"].match(tail) or self._patterns["harm.nobody"].search(lead):
            return False
        told = any(w.role in ("client", "reporter") for w in figure.words.values())
        return not (figure.speaker or figure.official or told)

    def _young(self, mention: Mention) -> bool:
        figure = self._figure(mention)
        return figure is not None and figure.young

    def _figure(self, mention: Mention) -> Figure | None:
        return self._of.get(mention)
