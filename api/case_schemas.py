"""Cases, their runs and their trail, as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.audio_schemas import RecordingRow
from api.person_schemas import ElsewhereOut, ReasonOut
from api.schemas import Body, Level, Status, Words
from api.story_schemas import NarrativeOut
from cases.integrity import Damage
from cases.person_identity import Identity
from intake.people import PersonRole
from intake.schemas import CodedNarrative

Id = Annotated[Words, Field(min_length=1, max_length=64)]
Match = Literal["number", "title", "story", "name", "citizen_id", "phone"]
LONGEST = 100_000


class Looked(Body):
    """What was shown before a case was opened, and which of those cases are not the same."""

    check_id: Id
    not_same: list[Id] = Field(default=[], max_length=50)


class NewCase(Body):
    """A story that opens a case; ``looked``: with what was said of cases like it."""

    narrative: str
    title: Words | None = Field(default=None, max_length=120)
    source: Words = Field(default="", max_length=200)
    received_at: datetime | None = None
    recording_ids: list[Annotated[Words, Field(max_length=64)]] = Field(default=[], max_length=20)
    looked: Looked | None = None


class Asked(Body):
    """A search over cases. In a body what is typed, an id perhaps, stays out of addresses."""

    words: Words = Field(default="", max_length=120)
    status: Status | None = None
    urgency: Level | None = None
    open: bool | None = None
    limit: int = Field(default=20, ge=1, le=200)
    offset: int = Field(default=0, ge=0, lt=2**31)


class BeingTold(Body):
    """A story that is no case yet, and whom a worker typed besides."""

    narrative: Words = Field(default="", max_length=LONGEST)
    identity: Identity | None = None


class CaseRow(BaseModel):
    """A case in a list."""

    id: str
    number: str
    title: str
    urgency: str
    status: str
    received_at: datetime
    updated_at: datetime


class ListedCase(CaseRow):
    """A case in a list, what relates the person to it, and what of it was found."""

    relation: str
    matched: list[Match] = []


class CaseList(BaseModel):
    """A page of cases."""

    items: list[ListedCase]
    total: int


class EarlierPerson(BaseModel):
    """Somebody of an earlier case who may be meant: their parts there, how sure it is, and why."""

    person_id: str
    name: str
    birth_year: str
    parts: list[PersonRole]
    score: float
    band: str
    reasons: list[ReasonOut]


class EarlierCase(CaseRow):
    """A case that may be the same, as sure as its likeliest person is."""

    relation: str
    score: float
    band: str
    persons: list[EarlierPerson]


class KnownElsewhere(ElsewhereOut):
    """An agency that may know somebody, and the names of those to call there."""

    contacts: list[str]


class EarlierOut(BaseModel):
    """Cases like a story; ``check_id`` goes with the case that is opened all the same."""

    check_id: str | None
    cases: list[EarlierCase]
    elsewhere: list[KnownElsewhere]


class CodeDecisionOut(BaseModel):
    """The newest decision on one code."""

    code: str
    decision: str
    by_name: str | None
    by_agency: str | None = None
    at: datetime


class FlagDecisionOut(BaseModel):
    """What a person heard behind a red flag."""

    flag: str
    decision: str
    by_name: str | None
    by_agency: str | None = None
    at: datetime


class VersionRow(BaseModel):
    """A version in a case's list; ``told_since``: more was told after what it was made from."""

    id: str
    number: int
    content_hash: str
    created_at: datetime
    approved: bool
    told_since: bool = False


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
    parts: dict[str, str] = Field(default_factory=dict)  # what is ready, by step, while it lasts


class ClientName(BaseModel):
    """What somebody is called and how old they are, without anything else of who they are."""

    title: str
    given_name: str
    family_name: str
    nicknames: list[str]
    called: str
    age_years: int | None


class ClientOut(BaseModel):
    """Whom a case is about; ``others`` says how many clients it has beside."""

    id: str
    standing: str
    others: int
    identity: ClientName


class RiskOut(BaseModel):
    """The risk as a worker judged it last, with the reason where one was written."""

    kind: str
    level: str
    safety: str | None
    why: str | None
    by_name: str
    at: datetime


class CaseFile(BaseModel):
    """A whole case; ``relation`` is how the reader comes to see it (docs/architecture.md)."""

    id: str
    number: str
    title: str
    urgency: str
    status: str
    relation: str
    received_at: datetime
    narrative: NarrativeOut | None
    coding: CodedNarrative | None
    code_decisions: list[CodeDecisionOut]
    versions: list[VersionRow]
    latest_run: Run | None
    recordings: list[RecordingRow] = []
    flag_decisions: list[FlagDecisionOut] = []
    client: ClientOut | None = None
    risk: RiskOut | None = None
    own_view: bool = False


class CodeDecision(Body):
    """A worker's word on a problem code."""

    code: str
    decision: Literal["accepted", "removed", "added"]


class FlagDecision(Body):
    """A worker's word on a red flag that rests on unconfirmed words of a recording."""

    flag: Words = Field(max_length=20)
    decision: Literal["confirmed", "misheard"]


class Event(BaseModel):
    """One event of a case's chain."""

    seq: int
    at: datetime
    actor_id: str
    by_name: str | None
    by_agency: str | None = None
    action: str
    subject: str
    detail: dict[str, Any]
    prev_hash: str
    hash: str


class Trail(BaseModel):
    """A case's chain, and what of the record is not as it was written."""

    events: list[Event]
    damage: list[Damage]
