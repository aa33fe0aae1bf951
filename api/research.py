"""Research: de-identified extracts and the log of what was given out. For researchers only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from cases.extracts import Study
from cases.trial_registration import Arm, Registration

router = APIRouter(prefix="/research", tags=["research"], responses=RESPONSES)
of_a_case = APIRouter(tags=["cases"], responses=RESPONSES)


class Extract(BaseModel):
    """What was given out, and the rows: one a case, without names, texts or ids."""

    report: dict[str, Any]
    rows: list[dict[str, Any]]


class LogEvent(BaseModel):
    """One act of a researcher."""

    seq: int
    at: datetime
    actor_id: str
    action: str
    subject: str
    detail: dict[str, Any]


class Log(BaseModel):
    """All acts, and the first number where the chain of hashes breaks."""

    events: list[LogEvent]
    broken: int | None


@router.post("/extracts")
def extract(body: Study, person: Signed, services: Given) -> Extract:
    """A de-identified extract for a study, written into the research log."""
    return Extract.model_validate(services.research.extracts.extract(person, body))


@router.get("/log")
def read_log(person: Signed, services: Given) -> Log:
    """What researchers did; empty for whoever may not know."""
    return Log.model_validate(services.research.log.read(person))


class TrialOut(BaseModel):
    """A trial as it was registered and how far it is; arms only as registered, never by case."""

    id: str
    registration: Registration
    sha256: str
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    unblinded_at: datetime | None
    taken: int


class Ending(Body):
    """Why a trial ends."""

    reason: Words = Field(min_length=3, max_length=1000)


class View(BaseModel):
    """How a case in a trial is to be worked on; both None for a case in no trial."""

    trial: str | None = None
    view: Arm | None = None


@router.get("/trials")
def trials(person: Signed, services: Given) -> list[TrialOut]:
    """All trials, the newest first."""
    return [TrialOut.model_validate(t) for t in services.research.trials.listed(person)]


@router.post("/trials", status_code=201)
def start_trial(body: Registration, person: Signed, services: Given) -> TrialOut:
    """Freeze a registration and begin; another registration of the same name is refused."""
    return TrialOut.model_validate(services.research.trials.start(person, body))


@router.post("/trials/{trial_id}/end")
def end_trial(trial_id: str, body: Ending, person: Signed, services: Given) -> TrialOut:
    """Take in no more cases."""
    return TrialOut.model_validate(services.research.trials.end(person, trial_id, body.reason))


@router.post("/trials/{trial_id}/unblind")
def unblind_trial(trial_id: str, person: Signed, services: Given) -> dict[str, Arm]:
    """The arm behind each letter, once the trial has ended; written into the research log."""
    return services.research.trials.unblind(person, trial_id)


@of_a_case.get("/cases/{case_id}/trial")
def view(case_id: str, person: Signed, services: Given) -> View:
    """How this case is to be worked on, if it is in a trial."""
    return View.model_validate(services.research.trials.view(person, case_id) or {})
