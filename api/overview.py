"""The cases of a person in numbers, for the plots of the pages."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.dependencies import Signed
from api.errors import RESPONSES
from api.services import Given

router = APIRouter(tags=["overview"], responses=RESPONSES)


class Load(BaseModel):
    """Cases of one status and urgency."""

    status: str
    urgency: str
    cases: int


class AtStep(BaseModel):
    """Open cases of the person's agency at one of the nine steps, by urgency."""

    step: str
    number: int
    name_th: str
    name_en: str
    urgencies: dict[str, int]


class Day(BaseModel):
    """Open time limits of one day in Bangkok."""

    day: date
    deadlines: int
    statutory: int


class CodeCount(BaseModel):
    """Cases received in a month (``YYYY-MM``) in which a code was found."""

    region: str
    month: str
    code: str
    cases: int


class Agreement(BaseModel):
    """What people decided on proposals of one code."""

    code: str
    accepted: int
    removed: int
    added: int


class Edit(BaseModel):
    """How much of an approved draft was changed: 0 nothing, 1 every letter."""

    at: datetime
    case: str
    version: int
    changed: float


class OverviewOut(BaseModel):
    """All of it."""

    steps: list[AtStep]
    caseload: list[Load]
    due: list[Day]
    codes: list[CodeCount]
    agreement: list[Agreement]
    edits: list[Edit]


@router.get("/overview")
def read_overview(person: Signed, services: Given) -> OverviewOut:
    """Counts over the cases this person may see."""
    return OverviewOut.model_validate(services.overview.of(person))


@router.get("/caseload")
def read_caseload(person: Signed, services: Given, mine: bool = False) -> list[AtStep]:
    """Where the open cases of the person's agency stand; ``mine``: those in their charge."""
    rows = services.step_counts.of(person, mine=mine)
    return [AtStep.model_validate(row) for row in rows]
