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
from runtime.thai_dates import show_date

_ROLE_ORDER = {Role.PRIMARY: 0, Role.SECONDARY: 1, Role.SUSPECTED: 2, Role.PAST: 3}
SHORT, LONG = 24, 160
QUOTES = "\"“”'"
_CODE = re.compile(r"[A-Z]{3}-\d{2}")


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
        role = _ROLE_ORDER[problem.role]
        return (role if role != 1 else 1, URGENCY_ORDER.index(urgency), -problem.score)

    @cached_property
    def facts(self) -> dict[str, object]:
        """Fact values by field, proposed or confirmed."""
        return {f.field: f.value for f in self.coded.facts}

    @cached_property
    def known(self) -> dict[str, Truth]:
        """What is known of every condition."""
        return decide(
            self.library.conditions, self.coded.code_ids(), self.coded.flag_ids(), self.facts
        )

    @cached_property
    def client(self) -> str:
        """The neutral noun for the person at the centre."""
        primary = self.problems[0].code if self.problems else ""
        return wording.client_noun(primary, self.facts)

    def fill(self, text: str, due: date) -> str:
        """A library text with its placeholders filled."""
        text = _CODE.sub(lambda m: self.library.codebook.label(m.group()), text)
        return wording.fill(
            text,
            {
                "client": self.client,
                "child": wording.say("child"),
                "place": wording.say("place"),
                "date": show_date(due),
            },
        )

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
        return Span(start=start, end=end, text=text[start:end])


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] not in " \n\t":
        start -= 1
    while end < len(text) and text[end] not in " \n\t":
        end += 1
    return start, end
