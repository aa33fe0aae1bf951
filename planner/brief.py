"""What a draft is written from: the narrative, its codes, what is known, and since when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from intake.narrative import Narrative
from intake.schemas import CodedNarrative, CodedProblem, Role, Span
from knowledge_base.codebook import URGENCY_ORDER
from knowledge_base.conditions import decide
from knowledge_base.library import Library
from knowledge_base.truth import Truth
from planner import wording
from planner.cues import Cue, find_cues
from planner.relevance import Relevance
from runtime.thai_dates import show_date

_ROLE_ORDER = {Role.PRIMARY: 0, Role.SECONDARY: 1, Role.SUSPECTED: 2, Role.PAST: 3}
SHORT, LONG = 24, 160
QUOTES = "\"“”'"
_CODE = re.compile(r" ?[A-Z]{3}-\d{2}")


@dataclass(frozen=True)
class Brief:
    """Everything the writers share. ``received_at`` starts the clocks that are known."""

    library: Library
    narrative: Narrative
    coded: CodedNarrative
    as_of: date
    received_at: datetime
    evidence_gaps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def problems(self) -> tuple[CodedProblem, ...]:
        """The problems of the plan, the primary one first, then by urgency and role."""
        present = [
            c
            for c in self.coded.codes
            if c.role is not Role.PAST and c.code in self.library.interventions
        ]
        return tuple(sorted(present, key=self._rank))

    def _rank(self, problem: CodedProblem) -> tuple[int, int, float]:
        urgency = self.library.codebook.codes[problem.code].urgency_default
        return (_ROLE_ORDER[problem.role], URGENCY_ORDER.index(urgency), -problem.score)

    @cached_property
    def facts(self) -> dict[str, object]:
        """Fact values by field, proposed or confirmed."""
        return {f.field: f.value for f in self.coded.facts}

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Wishes and strengths the narrative has words for."""
        return find_cues(self.narrative.text)

    @cached_property
    def relevance(self) -> Relevance:
        """How near texts of the library are to this narrative."""
        return Relevance(self.library, self.narrative.text)

    @cached_property
    def known(self) -> dict[str, Truth]:
        """What is known of every condition, from codes, flags, facts and the words themselves."""
        known = decide(
            self.library.conditions, self.coded.code_ids(), self.coded.flag_ids(), self.facts
        )
        told = {c.condition for c in self.cues if c.condition}
        return {i: Truth.TRUE if i in told else truth for i, truth in known.items()}

    def known_of(self, code: str) -> dict[str, Truth]:
        """What is known of every condition as it concerns the person a code speaks of."""
        alone = wording.read_words("persons")["alone"]
        if code not in alone["codes"]:
            return self.known
        return self.known | dict.fromkeys(alone["conditions"], Truth.UNKNOWN)

    def client(self, code: str) -> str:
        """The neutral noun for the person a code speaks of."""
        primary = self.problems[0].code if self.problems else ""
        return wording.client_noun(code, primary, self.facts)

    def fill(self, text: str, due: date, code: str = "") -> str:
        """A library text of a code with its placeholders filled."""
        text = _CODE.sub(lambda m: self.topic(m.group().strip()), text)
        return wording.fill(
            text,
            {
                "client": self.client(code),
                "child": wording.say("child"),
                "place": wording.say("place"),
                "date": show_date(due),
            },
        )

    def topic(self, code: str) -> str:
        """``the matter of`` a code, as a noun that fits into a sentence."""
        return wording.say("formulation.topic", label=self.library.codebook.label(code))

    def clause(self, span: Span) -> Span:
        """The span widened to the clause around it, so that a quote can be understood."""
        text = self.narrative.text
        start, end = _bounds(text, span.start, span.end)
        while end - start < SHORT and end < len(text) and text[end] == " ":
            _, wider = _bounds(text, end + 1, end + 1)
            if wider - start > LONG:
                break
            end = wider
        if end - start > LONG:
            start, end = span.start, span.end
        while start < span.start and text[start] in QUOTES:
            start += 1
        while end > span.end and text[end - 1] in QUOTES:
            end -= 1
        hanging = wording.pattern("quote.hanging").search(text, start, end)
        if hanging and hanging.start() >= span.end:
            end = hanging.start()
        return Span(start=start, end=end, text=text[start:end])


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] not in " \n\t":
        start -= 1
    while end < len(text) and text[end] not in " \n\t":
        end += 1
    return start, end
