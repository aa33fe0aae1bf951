"""The typed draft: an assessment and a care plan in which every sentence shows where it comes from.

Four inks. *said* rests on words of the narrative; *rule* on a verified section or
scheme; *inferred* on parents whose chain ends in a span or a source; *frame* is a
heading, a question to ask or fixed form text and claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from intake.schemas import CodedProblem, RaisedFlag, Span


class Frozen(BaseModel):
    """A part of a draft: immutable; a change makes a new version."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ink(StrEnum):
    """What a sentence rests on."""

    SAID = "said"
    RULE = "rule"
    INFERRED = "inferred"
    FRAME = "frame"


class Badge(StrEnum):
    """How far an inferred sentence was checked (design §2)."""

    TO_BE_CHECKED = "to_be_checked"
    PRACTICE = "practice"
    PROPOSAL = "proposal"


class Flag(Frozen):
    """Why a sentence may not be approved as it stands. ``code`` has words in the messages."""

    code: str
    detail: str = ""


class Citation(Frozen):
    """A passage of the knowledge base a sentence rests on."""

    id: str  # 'child-protection-2546#41', 'scheme:help-1300', 'practice:safety-plan', 'doc:3'
    kind: str
    title_th: str
    passage: str  # the words of the entry that support the sentence
    confidence: str
    source: str
    official: bool = False  # True when the passage is the law's own text, else "summary"
    summary: str = ""  # the entry's own words where the law's text took their place
    as_enacted: bool = False  # the law's text was amended after the added file was made
    effective_from: date | None = None
    effective_to: date | None = None
    entry_hash: str = ""  # what the entry said when it was cited


class Sentence(Frozen):
    """One sentence of a draft and its ground.

    ``parents`` name other sentences (``s12``), spans (``span:10-24``) or citations
    (``cite:scheme:help-1300``). ``citations`` and ``spans`` repeat the direct grounds.
    """

    id: str
    text: str
    ink: Ink
    parents: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    badge: Badge | None = None
    flags: tuple[Flag, ...] = ()
    origin: str = ""  # 'VIO-01.a5', a scheme id, a prompt version: where the words were made


class Need(Frozen):
    """A need in one life domain."""

    domain: str
    codes: tuple[str, ...]
    sentence: Sentence


class Risk(Frozen):
    """A risk with the rule that raised it and who may override it."""

    id: str  # red-flag or code id
    level: Literal["immediate_1h", "24h", "72h", "routine"]
    sentence: Sentence
    response: Sentence  # what is to be done, with a time
    within: str = ""  # '1h', '24h', …
    due: datetime | None = None
    responsible: tuple[str, ...] = ()  # role ids
    hotlines: tuple[str, ...] = ()
    may_override: tuple[str, ...] = ()  # role ids


class Assessment(Frozen):
    """What is known, what is not, and how it hangs together."""

    facts: tuple[Sentence, ...] = ()
    strengths: tuple[Sentence, ...] = ()
    needs: tuple[Need, ...] = ()
    risks: tuple[Risk, ...] = ()
    formulation: tuple[Sentence, ...] = ()
    missing: tuple[Sentence, ...] = ()  # frame: questions


class Action(Frozen):
    """Who does what by when. ``question`` is set when a condition is unknown."""

    id: str  # library id, or 'm1' for a model's or a person's
    codes: tuple[str, ...]
    sentence: Sentence
    responsible: tuple[str, ...]  # role ids
    within: str  # '1h', '24h', '7d', …
    due: datetime | None
    state: Literal["open", "ask", "scheduled"] = "open"
    question: Sentence | None = None
    documents: tuple[str, ...] = ()


class Goal(Frozen):
    """A SMART goal with its indicator, review date and actions."""

    id: str
    codes: tuple[str, ...]
    sentence: Sentence
    horizon: str
    indicator: Sentence
    review_on: date | None
    actions: tuple[Action, ...] = ()


class Problem(Frozen):
    """One coded problem of the plan and its goals.

    ``find_out_first`` is set where the problem is only suspected: it says so, then asks.
    """

    code: str
    label_th: str
    urgency: str
    find_out_first: tuple[Sentence, ...] = ()
    goals: tuple[Goal, ...] = ()
    no_goal_reason: Sentence | None = None


class Deadline(Frozen):
    """A time limit the facts trigger; while its start is unknown ``due`` is None.

    The first limit of an unknown start asks when it was.
    """

    id: str
    start: str  # start-event id
    within: str
    bound: Literal["max", "min"] = "max"
    statutory: bool
    due: datetime | None
    duty: Sentence
    question: Sentence | None = None


class SchemeVerdict(Frozen):
    """One welfare scheme screened against the facts known so far."""

    id: str
    name_th: str
    verdict: Literal["likely", "unlikely", "ask", "assess"]
    sentence: Sentence
    question: Sentence | None = None
    to_do_first: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    benefit: str = ""
    source: str = ""
    as_of: date | None = None


class Referral(Frozen):
    """One agency asked to help: with what, for which actions, and when the first falls due."""

    to: str  # role id
    codes: tuple[str, ...]
    actions: tuple[str, ...]  # action ids
    due: datetime | None
    sentence: Sentence  # frame: the letter's words
    documents: tuple[str, ...] = ()


class Plan(Frozen):
    """The care plan."""

    problems: tuple[Problem, ...] = ()
    safety: tuple[Sentence, ...] = ()
    consent: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()  # what must not be done, and why
    mdt: tuple[Sentence, ...] = ()  # frame: questions for the team
    documents: tuple[Sentence, ...] = ()
    review: tuple[Sentence, ...] = ()
    alternatives: tuple[Sentence, ...] = ()
    referrals: tuple[Referral, ...] = ()


class EvidenceUsed(Frozen):
    """One entry a run was given, with the hash of its words on that day."""

    id: str
    sha256: str


class MadeFrom(Frozen):
    """How a run was made, to the letter: enough to ask the same again and to explain a draft."""

    coder_version: str = ""
    model: str = ""  # '' for the composer
    prompt: str = ""
    prompt_sha256: str = ""
    parameters: dict[str, str | int | float] = Field(default_factory=dict)
    evidence: tuple[EvidenceUsed, ...] = ()


class Draft(Frozen):
    """One machine draft: its parts, its citations, and what it was made from."""

    engine: str  # 'composer' or 'chat:<model>'
    engine_note: str = ""  # message code when the composer stood in for a model
    narrative_sha256: str
    knowledge_version: str
    as_of: date
    received_at: datetime | None = None  # the start the due dates count from
    told_at: tuple[datetime, ...] = ()  # the starts for what was told later
    codes: tuple[CodedProblem, ...]
    urgency: str
    urgency_reason: str
    red_flags: tuple[RaisedFlag, ...]
    deadlines: tuple[Deadline, ...] = ()
    schemes: tuple[SchemeVerdict, ...] = ()
    assessment: Assessment = Assessment()
    plan: Plan = Plan()
    citations: tuple[Citation, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
    made_from: MadeFrom = MadeFrom()

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence of the draft, in reading order."""
        yield from sentences_of(self)

    def flagged(self) -> tuple[str, ...]:
        """Ids of the sentences that may not be approved as they stand."""
        return tuple(s.id for s in self.sentences() if s.flags)


def sentences_of(part: object) -> Iterator[Sentence]:
    """Every sentence of a part of a draft, in reading order."""
    if isinstance(part, Sentence):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from sentences_of(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from sentences_of(item)
