"""Runs of evaluations over the wire: ask for one, watch it, stop it, read and compare results."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given, Services
from cases.evaluation_runs import Options, report_folder
from cases.people import Person

router = APIRouter(prefix="/research", tags=["research"], responses=RESPONSES)
# The report holds its plots as data and one style; it loads and runs nothing.
REPORT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


class ExperimentOut(BaseModel):
    """An experiment that may be run."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    asks: str
    family: str
    engines: tuple[str, ...]
    limit: int | None


class NewRun(Body):
    """Which experiment, on how many of its cases, over how many processes."""

    experiment: Words = Field(max_length=60)
    limit: int | None = Field(default=None, ge=1, le=100_000)
    processes: int = Field(default=1, ge=1, le=64)


class NewComparison(Body):
    """Two finished runs of one family over the same cases."""

    ours: Words = Field(max_length=64)
    theirs: Words = Field(max_length=64)


class EvaluationRun(BaseModel):
    """A run; ``document`` holds figures, intervals and detail once it is done."""

    id: str
    experiment: str
    family: str
    options: dict[str, Any]
    status: str
    step: str | None
    percent: float
    document: dict[str, Any] | None
    report_sha256: str | None
    error_code: str | None
    created_at: datetime
    updated_at: datetime


@router.get("/experiments")
def experiments(person: Signed, services: Given) -> list[ExperimentOut]:
    """What may be run."""
    found = services.research.evaluations.experiments(person)
    return [ExperimentOut.model_validate(e) for e in found]


@router.post("/runs", status_code=202)
def request_run(body: NewRun, person: Signed, services: Given) -> EvaluationRun:
    """Ask for a run; a worker measures it."""
    options = Options(limit=body.limit, processes=body.processes)
    asked = services.research.evaluations.request(person, body.experiment, options)
    return EvaluationRun.model_validate(asked)


@router.post("/comparisons", status_code=202)
def request_comparison(body: NewComparison, person: Signed, services: Given) -> EvaluationRun:
    """Ask for the paired differences of two runs; a worker works them out."""
    asked = services.research.evaluations.compare(person, body.ours, body.theirs)
    return EvaluationRun.model_validate(asked)


@router.get("/runs")
def runs(
    person: Signed, services: Given, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[EvaluationRun]:
    """The newest runs, without their documents."""
    found = services.research.evaluations.listed(person, limit)
    return [EvaluationRun.model_validate(r) for r in found]


@router.get("/runs/{run_id}")
def read_run(run_id: str, person: Signed, services: Given) -> EvaluationRun:
    """A run with its document."""
    return EvaluationRun.model_validate(services.research.evaluations.read(person, run_id))


@router.post("/runs/{run_id}/cancel")
def cancel_run(run_id: str, person: Signed, services: Given) -> EvaluationRun:
    """Stop a run under way; what was measured stays for the next one."""
    return EvaluationRun.model_validate(services.research.evaluations.cancel(person, run_id))


@router.get("/runs/{run_id}/plots")
def plots(run_id: str, person: Signed, services: Given) -> dict[str, str]:
    """The plots of a finished run as SVG, by name."""
    folder = _report(run_id, person, services)
    return {f.stem: f.read_text(encoding="utf-8") for f in sorted(folder.glob("*.svg"))}


@router.get("/runs/{run_id}/report", response_class=HTMLResponse)
def report(run_id: str, person: Signed, services: Given) -> HTMLResponse:
    """The report of a finished run, one page with its plots inside."""
    page = (_report(run_id, person, services) / "report.html").read_text(encoding="utf-8")
    return HTMLResponse(page, headers={"Content-Security-Policy": REPORT_POLICY})


def _report(run_id: str, person: Person, services: Services) -> Path:
    return report_folder(services.research.evaluations.read(person, run_id))
