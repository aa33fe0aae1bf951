"""What goes over the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cases.review import Decision
from intake.schemas import CodedNarrative
from planner.schemas import Draft

Language = Literal["th", "en"]


class Body(BaseModel):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Login(Body):
    """Name and password."""

    login: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class Token(BaseModel):
    """A session token for the Authorization header."""

    token: str


class LanguageChoice(Body):
    """The language a person reads."""

    language: Language


class NewCase(Body):
    """A story that opens a case."""

    narrative: str
    title: str | None = Field(default=None, max_length=120)
    source: str = Field(default="", max_length=200)
    received_at: datetime | None = None


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


class CodeDecision(Body):
    """A worker's word on a problem code."""

    code: str
    decision: Literal["accepted", "removed", "added"]


class DecisionOut(BaseModel):
    """The current decision on a sentence; None where the last one was undone."""

    decision: str | None
    text: str | None
    reason: str | None
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


class Decisions(Body):
    """Several decisions, taken all or none."""

    decisions: list[Decision] = Field(min_length=1, max_length=500)


class ApprovalRequest(Body):
    """The exact content to approve."""

    content_hash: str = Field(min_length=64, max_length=64)
    comment: str | None = Field(default=None, max_length=2000)


class SchemeRequest(Body):
    """Household facts to screen schemes with."""

    facts: dict[str, Any]
    as_of: date | None = None
