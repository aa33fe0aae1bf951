"""What a draft is written from: the narrative, its codes, what is known, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from intake.narrative import Narrative
from intake.schemas import CodedNarrative, CodedProblem, FactValue, Role, Span
from knowledge_base.codebook import URGENCY_ORDER
from knowledge_base.conditions import decide
from knowledge_base.library import Library
from knowledge_base.truth import Truth
from planner import wording
from planner.client_facts import client_facts
from planner.cues import Cue, find_cues
from planner.doubts import possible
from planner.quotes import around
from planner.refusals import Refusal, find_refusals
from planner.relevance import Relevance
from runtime.clock import BANGKOK
from runtime.thai_dates import show_date

_ROLE_ORDER = {Role.PRIMARY: 0, Role.SECONDARY: 1, Role.SUSPECTED: 2, Role.PAST: 3}
EVEN = 0.5  # a secondary code less likely than this is asked about before it is acted on
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

    def begun(self, spans: Iterable[Span]) -> datetime:
        """When the clocks of something start: as its first words were told."""
        first = min((s.start for s in spans), default=0)
        told = [at for start, at in self.narrative.later if start <= first]
        return told[-1].astimezone(BANGKOK) if told else self.received_at

    @cached_property
    def problems(self) -> tuple[CodedProblem, ...]:
        """The problems of the plan, the primary one first, then by urgency and role.

        What the coder is unsure of, or a danger sign points at, stands behind as suspected.
        """
        present = [c for c in self.coded.codes if c.role is not Role.PAST]
        known = {c.code for c in self.coded.codes}
        doubts = possible(self.library, self.coded, self.narrative.text)
        doubts = [c for c in doubts if c.code not in known | self._belied]
        drafted = [c for c in (*present, *doubts) if c.code in self.library.interventions]
        return tuple(sorted(drafted, key=self._rank))

    @property
    def _belied(self) -> set[str]:
        """Codes nobody needs to suspect, for what they are about is known to be otherwise."""
        belied = wording.read_words("persons")["belied"]
        return {c for i, codes in belied.items() if self.known[i] is Truth.FALSE for c in codes}

    @property
    def main_words(self) -> tuple[Span, ...]:
        """The words of the first problem; none where danger signs alone are known."""
        return self.problems[0].spans if self.problems else ()

    @property
    def sure(self) -> tuple[CodedProblem, ...]:
        """The problems nobody doubts."""
        return tuple(p for p in self.problems if p.role is not Role.SUSPECTED)

    @cached_property
    def likely(self) -> tuple[CodedProblem, ...]:
        """The problems that are at least as likely as not; a main one always is."""
        return tuple(p for p in self.sure if p.role is not Role.SECONDARY or p.score >= EVEN)

    @property
    def suspected(self) -> tuple[CodedProblem, ...]:
        """The problems to find out about first."""
        return tuple(p for p in self.problems if p.role is Role.SUSPECTED)

    def _rank(self, problem: CodedProblem) -> tuple[int, int, float]:
        urgency = self.library.codebook.codes[problem.code].urgency_default
        return (_ROLE_ORDER[problem.role], URGENCY_ORDER.index(urgency), -problem.score)

    @cached_property
    def facts(self) -> dict[str, object]:
        """Fact values by field, proposed or confirmed, and what is said of the client in person."""
        said = {f.field: f.value for f in self.client_facts}
        return said | {f.field: f.value for f in self.coded.facts}

    @cached_property
    def client_facts(self) -> tuple[FactValue, ...]:
        """Age, sex and pregnancy of the client, where the story tells them."""
        present = [c for c in self.coded.codes if c.role is not Role.PAST]
        main = next((c for c in present if c.role is Role.PRIMARY), None)
        return client_facts(self.narrative.text, main)

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Wishes and strengths the narrative has words for."""
        return find_cues(self.narrative.text)

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """What the narrative says somebody does not want."""
        return find_refusals(self.narrative.text)

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
        return around(self.narrative.text, span)
