"""Where a case stands: steps with their reasons, entries, changes, deadlines and services."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from api.views import CaseRoute
from cases.forms import worded
from cases.plan_services import Report
from cases.steps import Step

router = APIRouter(tags=["steps"], responses=RESPONSES, route_class=CaseRoute)


class NewEntry(Body):
    """An entry of a kind, its fields as the kind's form says (``GET /entry-forms``)."""

    kind: Words = Field(max_length=100)
    content: dict[str, Any]


class EntryOut(BaseModel):
    """An entry as it was recorded."""

    id: str
    kind: str
    content: dict[str, Any]
    content_hash: str
    agency_id: str
    recorded_name: str
    recorded_at: datetime


class Offer(BaseModel):
    """A kind of entry this person may record; ``missing``: conditions it still waits for."""

    kind: str
    missing: list[str]
    missing_th: str
    missing_en: str


class Standing(BaseModel):
    """The nine steps, which of them is current, and what this person may record."""

    current: str
    steps: list[Step]
    offers: list[Offer]


class Change(BaseModel):
    """What one judgement found otherwise than the one before it."""

    from_id: str
    to_id: str
    at: datetime
    by_name: str
    why_changed: str | None
    changed: dict[str, Any] | None


class DeadlineOut(BaseModel):
    """A deadline of a case; ``may_end``: it is this person's to end or put off.

    ``danger``: it tells of danger. ``agency_id`` added it. ``reason``: why it was put off or need
    not be done. ``may_take_back``: this person may take its ending back; ``back_…``: who last
    did, when and why.
    """

    id: str
    case_id: str
    kind: str
    duty_th: str
    duty_en: str
    statutory: bool
    danger: bool
    source: str
    agency_id: str | None
    due: datetime
    first_due: datetime | None
    status: Literal["open", "done", "cancelled"]
    done_at: datetime | None
    done_name: str | None
    reason: str | None
    overdue: bool
    may_end: bool
    may_take_back: bool
    back_at: datetime | None
    back_name: str | None
    back_agency: str | None
    back_reason: str | None


class DeadlineEnd(Body):
    """How a deadline ended; one that is ``cancelled`` says why."""

    status: Literal["done", "cancelled"]
    reason: Words | None = Field(default=None, max_length=2000)


class TakingBack(Body):
    """Why a limit did not end after all."""

    reason: Words = Field(min_length=1, max_length=2000)


class NewService(Body):
    """A service the person's own agency gives."""

    text: Words = Field(min_length=1, max_length=1000)
    action_id: Words | None = Field(default=None, max_length=100)
    due: datetime | None = None


class ServiceReport(Report):
    """How far a service is."""

    result: Words | None = Field(default=None, max_length=2000)
    revision: int = Field(ge=1, lt=2**31 - 1)


class ServiceOut(BaseModel):
    """A service that carries out the plan."""

    id: str
    case_id: str
    referral_id: str | None
    action_id: str | None
    text: str
    agency_id: str
    status: str
    due: datetime | None
    result: str | None
    revision: int
    changed_name: str
    changed_at: datetime
    changed_agency: str | None = None


@router.get("/entry-forms")
def entry_forms(_: Signed) -> dict[str, Any]:
    """The forms of all kinds of entries with their words, and the case types."""
    return worded()


@router.get("/cases/{case_id}/steps")
def read_steps(case_id: str, person: Signed, services: Given) -> Standing:
    """Where the case stands, and why, in both languages."""
    return Standing.model_validate(services.casework.entries.standing(person, case_id))


@router.get("/cases/{case_id}/entries")
def list_entries(case_id: str, person: Signed, services: Given) -> list[EntryOut]:
    """Everything recorded, the oldest first."""
    found = services.casework.entries.of_case(person, case_id)
    return [EntryOut.model_validate(row) for row in found]


@router.post("/cases/{case_id}/entries", status_code=201)
def record_entry(case_id: str, body: NewEntry, person: Signed, services: Given) -> EntryOut:
    """Record at a step: registration, screening, assessment, visit, closure request, …"""
    kept = services.casework.entries.record(person, case_id, body.kind, body.content)
    return EntryOut.model_validate(kept)


@router.get("/cases/{case_id}/changes")
def read_changes(case_id: str, person: Signed, services: Given) -> list[Change]:
    """What each reassessment found otherwise, field by field."""
    found = services.casework.entries.changes(person, case_id)
    return [Change.model_validate(row) for row in found]


@router.get("/cases/{case_id}/deadlines")
def list_deadlines(case_id: str, person: Signed, services: Given) -> list[DeadlineOut]:
    """All deadlines of a case, open ones first."""
    found = services.casework.deadlines.of_case(person, case_id)
    return [DeadlineOut.model_validate(row) for row in found]


@router.post("/deadlines/{deadline_id}/end", status_code=204)
def end_deadline(deadline_id: str, body: DeadlineEnd, person: Signed, services: Given) -> Response:
    """Done, or no longer needed, with the reason; one of the owner's is the owner's (403)."""
    services.casework.deadlines.end(person, deadline_id, body.status, body.reason)
    return Response(status_code=204)


@router.post("/deadlines/{deadline_id}/taking-back", status_code=204)
def take_deadline_back(
    deadline_id: str, body: TakingBack, person: Signed, services: Given
) -> Response:
    """Open again what was ended by mistake, on the same day (409 later, or when built on)."""
    services.casework.deadlines.take_back(person, deadline_id, body.reason)
    return Response(status_code=204)


@router.get("/cases/{case_id}/services")
def list_services(case_id: str, person: Signed, services: Given) -> list[ServiceOut]:
    """The services that carry out the plan."""
    found = services.casework.services.of_case(person, case_id)
    return [ServiceOut.model_validate(row) for row in found]


@router.post("/cases/{case_id}/services", status_code=201)
def plan_service(case_id: str, body: NewService, person: Signed, services: Given) -> ServiceOut:
    """Plan a service of one's own agency."""
    made = services.casework.services.plan(person, case_id, body.text, body.action_id, body.due)
    return ServiceOut.model_validate(made)


@router.post("/services/{service_id}/report")
def report_service(
    service_id: str, body: ServiceReport, person: Signed, services: Given
) -> ServiceOut:
    """Write back how far a service is; the second of two people gets both words (409)."""
    return ServiceOut.model_validate(services.casework.services.report(person, service_id, body))
