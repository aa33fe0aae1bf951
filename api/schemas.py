"""What goes over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cases.integrity import Damage
from cases.review import Decision
from intake.schemas import CodedNarrative
from intake.transcript import Segment
from knowledge_base.search import Hit
from planner.schemas import Draft, Flag

Language = Literal["th", "en"]
Status = Literal["new", "drafted", "reviewing", "approved", "closed"]
Level = Literal["immediate_1h", "24h", "72h", "routine"]


def storable(words: str) -> str:
    """The words; PostgreSQL keeps no NUL."""
    if "\0" in words:
        raise ValueError("NUL")
    return words


Words = Annotated[str, AfterValidator(storable)]


class Body(BaseModel):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Login(Body):
    """Name and password."""

    login: Words = Field(max_length=200)
    password: Words = Field(max_length=1000)


class PasswordChange(Body):
    """The present password and the one to use from now on."""

    old: Words = Field(max_length=1000)
    new: Words = Field(max_length=1000)


class Me(BaseModel):
    """The signed-in person."""

    id: str
    login: str
    name: str
    role: str
    agency_id: str
    agency_th: str
    agency_en: str
    language: Language


class Token(BaseModel):
    """A session token for the Authorization header."""

    token: str


class LanguageChoice(Body):
    """The language a person reads."""

    language: Language


class NewCase(Body):
    """A story that opens a case."""

    narrative: str
    title: Words | None = Field(default=None, max_length=120)
    source: Words = Field(default="", max_length=200)
    received_at: datetime | None = None
    recording_id: Words | None = Field(default=None, max_length=64)


class CaseRow(BaseModel):
    """A case in a list."""

    id: str
    number: str
    title: str
    urgency: str
    status: str
    received_at: datetime
    updated_at: datetime


class CaseList(BaseModel):
    """A page of cases."""

    items: list[CaseRow]
    total: int


class NarrativeOut(BaseModel):
    """The story as it was told."""

    id: str
    text: str
    sha256: str
    source: str


class CodeDecisionOut(BaseModel):
    """The newest decision on one code."""

    code: str
    decision: str
    by_name: str | None
    at: datetime


class VersionRow(BaseModel):
    """A version in a case's list."""

    id: str
    number: int
    content_hash: str
    created_at: datetime
    approved: bool


class Run(BaseModel):
    """How far a draft is."""

    id: str
    case_id: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str | None
    percent: float
    engine: str | None
    error_code: str | None
    version_id: str | None


class Transcription(BaseModel):
    """How far a recording is written down."""

    status: Literal["queued", "running", "done", "failed"]
    percent: float
    model: str
    error_code: str | None


class RecordingRow(BaseModel):
    """A kept recording."""

    id: str
    case_id: str | None
    sha256: str
    size_bytes: int
    seconds: float | None
    media_type: str
    file_name: str
    created_at: datetime


class Recording(RecordingRow):
    """A kept recording and how far it is written down."""

    transcription: Transcription | None


class RecordingList(BaseModel):
    """Recordings, newest first."""

    items: list[Recording]


Place = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class TranscriptOut(BaseModel):
    """What was heard, and the newest text with the places nobody has confirmed."""

    recording_id: str
    model: str
    seconds: float
    no_speech: bool
    heard: str
    segments: list[Segment]
    text: str
    unconfirmed: list[Place]
    revision: int
    by_name: str | None
    at: datetime | None


class TranscriptText(Body):
    """A corrected text on top of a revision; ``confirmed`` are places of the text."""

    text: Words
    revision: int = Field(ge=0, lt=2**31 - 1)
    confirmed: list[Place] = Field(default=[], max_length=10_000)
    all_confirmed: bool = False


class CaseFile(BaseModel):
    """A whole case."""

    id: str
    number: str
    title: str
    urgency: str
    status: str
    received_at: datetime
    narrative: NarrativeOut
    coding: CodedNarrative
    code_decisions: list[CodeDecisionOut]
    versions: list[VersionRow]
    latest_run: Run | None
    recordings: list[RecordingRow] = []


class CodeDecision(Body):
    """A worker's word on a problem code."""

    code: str
    decision: Literal["accepted", "removed", "added"]


class DecisionOut(BaseModel):
    """The current decision on a sentence; None where the last one was undone."""

    decision: str | None
    text: str | None
    reason: str | None
    flags: list[Flag] = []
    by_name: str | None
    at: datetime
    revision: int


class ApprovalOut(BaseModel):
    """Who approved what, when."""

    content_hash: str
    approved_hash: str
    by_name: str | None
    at: datetime
    comment: str | None


class Version(BaseModel):
    """One version of a plan with what people decided about it."""

    id: str
    case_id: str
    number: int
    content: Draft
    content_hash: str
    created_at: datetime
    decisions: dict[str, DecisionOut]
    approval: ApprovalOut | None
    intact: bool


class ItemDecision(Decision):
    """One decision, with words that fit."""

    text: Words | None = Field(default=None, max_length=5000)
    reason: Words | None = Field(default=None, max_length=2000)
    revision: int = Field(default=0, ge=0, lt=2**31 - 1)


class Decisions(Body):
    """Several decisions, taken all or none."""

    decisions: list[ItemDecision] = Field(min_length=1, max_length=500)


class Undo(Body):
    """The revision the person last saw; without it the newest decision is taken back."""

    revision: int | None = None


class ApprovalRequest(Body):
    """The exact content to approve."""

    content_hash: str = Field(min_length=64, max_length=64)
    comment: Words | None = Field(default=None, max_length=2000)


class Event(BaseModel):
    """One event of a case's chain."""

    seq: int
    at: datetime
    actor_id: str
    by_name: str | None
    action: str
    subject: str
    detail: dict[str, Any]
    prev_hash: str
    hash: str


class Trail(BaseModel):
    """A case's chain, and what of the record is not as it was written."""

    events: list[Event]
    damage: list[Damage]


class Hits(BaseModel):
    """What a search found, best first."""

    hits: list[Hit]


class CodeOut(BaseModel):
    """One problem code."""

    code: str
    label_th: str
    label_en: str
    domain: str
    definition: str


class FlagOut(BaseModel):
    """One red flag."""

    id: str
    sign: str


class CodeBook(BaseModel):
    """Problem codes and red flags."""

    codes: list[CodeOut]
    red_flags: list[FlagOut]


class Health(BaseModel):
    """Whether every part answers."""

    ok: bool
    parts: dict[str, bool]
