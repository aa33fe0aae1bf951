"""What goes over the wire of the knowledge's own state: what changed, what waits for a review."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel


class Dated(BaseModel):
    """An entry with its dates in force."""

    id: str
    kind: str
    title_th: str
    title_en: str | None
    confidence: str
    effective_from: date | None
    effective_to: date | None


class Added(BaseModel):
    """A document an office added."""

    id: str
    title: str
    kind: str
    review: str
    added_by: str
    added_at: datetime


class ChangedCitation(BaseModel):
    """A cited entry that reads differently now, or is gone."""

    id: str
    title_th: str
    title_en: str | None
    change: str


class AffectedPlan(BaseModel):
    """An open plan the person may see that cites changed entries."""

    case_id: str
    case_number: str
    version: int
    approved: bool
    citations: list[ChangedCitation]


class KnowledgeChanges(BaseModel):
    """What changed of late, and which open plans rest on it."""

    version: str
    in_force: list[Dated]
    ended: list[Dated]
    added: list[Added]
    plans: list[AffectedPlan]


class DueEntry(BaseModel):
    """An entry or hotline whose review is due; never reviewed: no dates."""

    id: str
    kind: str
    title_th: str
    title_en: str | None
    reviewed_on: date | None
    due_on: date | None


class KnowledgeDue(BaseModel):
    """What waits for somebody to look at it again."""

    total: int
    due: list[DueEntry]
    waiting: list[Added]


class EvidenceOf(BaseModel):
    """What one problem code needs, and the kinds nothing was found for."""

    code: str
    missing: list[str]
    entries: list[Dated]


class Evidence(BaseModel):
    """The sets of several problems, as in force on a day."""

    as_of: date
    problems: list[EvidenceOf]
