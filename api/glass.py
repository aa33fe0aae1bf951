"""Emergency openings: break the glass, and say afterwards whether it was right."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from api.views import CaseRoute

router = APIRouter(tags=["glass"], responses=RESPONSES, route_class=CaseRoute)


class Opening(Body):
    """Which case, why, for how long."""

    number: Words = Field(max_length=40)
    reason: Words = Field(max_length=2000)
    hours: int = Field(default=4, ge=1, le=24)


class Verdict(Body):
    """A supervisor's word."""

    outcome: Literal["justified", "not_justified"]
    note: Words = Field(min_length=1, max_length=2000)


class OpeningOut(BaseModel):
    """An emergency opening."""

    id: str
    case_id: str
    agency_id: str
    name: str
    reason: str | None
    opened_at: datetime
    expires_at: datetime
    reviewed_at: datetime | None
    outcome: str | None
    review_note: str | None


@router.post("/glass", status_code=201)
def break_glass(body: Opening, person: Signed, services: Given) -> OpeningOut:
    """Open a case in an emergency."""
    done = services.casework.glass.open(person, body.number, body.reason, body.hours)
    return OpeningOut.model_validate(done)


@router.get("/cases/{case_id}/openings")
def list_openings(case_id: str, person: Signed, services: Given) -> list[OpeningOut]:
    """Emergency openings of a case."""
    found = services.casework.glass.of_case(person, case_id)
    return [OpeningOut.model_validate(row) for row in found]


@router.post("/glass/{opening_id}/review")
def review_opening(opening_id: str, body: Verdict, person: Signed, services: Given) -> OpeningOut:
    """Say whether the opening was right."""
    done = services.casework.glass.review(person, opening_id, body.outcome, body.note)
    return OpeningOut.model_validate(done)
