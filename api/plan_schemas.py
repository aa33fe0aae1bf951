"""Versions of a plan, decisions on their sentences and the approval, as the API tells them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.schemas import Body, Words
from cases.review import Decision
from planner.schemas import Draft, Flag


class DecisionOut(BaseModel):
    """The current decision on a sentence; None where the last one was undone."""

    decision: str | None
    text: str | None
    reason: str | None
    flags: list[Flag] = []
    by_name: str | None
    by_agency: str | None = None
    at: datetime
    revision: int


class ApprovalOut(BaseModel):
    """Who approved what, when."""

    content_hash: str
    approved_hash: str
    by_name: str | None
    by_agency: str | None = None
    at: datetime
    comment: str | None


class Version(BaseModel):
    """One version of a plan with what people decided about it."""

    id: str
    case_id: str
    number: int
    content: Draft
    titles_en: dict[str, str] = {}  # of what the content cites, by citation
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
