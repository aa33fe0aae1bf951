"""Runs of evaluations: asked for by name, done by a worker, read from their table.

This room knows no evaluation. It is told which experiments are offered, hands a name to the queue
and keeps what the worker brings back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from cases import repository
from cases.job_runs import ALIVE, is_lost
from cases.people import Person
from cases.research_errors import (
    ExperimentUnknown,
    RunOver,
    RunUnfinished,
    RunUnknown,
    only_researchers,
)
from cases.research_log import log
from cases.rows import Row, Rows
from runtime.database import Database
from runtime.jobs import defer

TASK = "evaluate"
COMPARISON = "comparison"
REPORTS = "reports"
ROWS = Rows("evaluation_runs")


@dataclass(frozen=True)
class Offered:
    """An experiment that may be asked for. ``limit`` None: all its cases."""

    id: str
    title: str
    asks: str
    family: str
    engines: tuple[str, ...]
    limit: int | None


class Options(BaseModel):
    """How an experiment is run; ``ours`` and ``theirs`` are runs to compare instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int | None = Field(default=None, ge=1, le=100_000)
    processes: int = Field(default=1, ge=1, le=64)
    ours: str | None = Field(default=None, max_length=64)
    theirs: str | None = Field(default=None, max_length=64)


class EvaluationRuns:
    """Asks for runs and reads them."""

    def __init__(self, database: Database, offered: Sequence[Offered]) -> None:
        self._database = database
        self._offered = {o.id: o for o in offered}

    def experiments(self, person: Person) -> list[Offered]:
        """What may be run."""
        only_researchers(person)
        return list(self._offered.values())

    def request(self, person: Person, experiment: str, options: Options) -> Row:
        """A queued run of an experiment. Raises `ExperimentUnknown`."""
        only_researchers(person)
        offered = self._offered.get(experiment)
        if offered is None:
            raise ExperimentUnknown(experiment=experiment)
        return self._ask(person, experiment, offered.family, options)

    def compare(self, person: Person, ours: str, theirs: str) -> Row:
        """A queued comparison of two finished runs. Raises `RunUnknown` or `RunUnfinished`."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            found = [_run(session, run_id) for run_id in (ours, theirs)]
        if any(f["status"] != "done" or f["experiment"] == COMPARISON for f in found):
            raise RunUnfinished
        return self._ask(person, COMPARISON, found[0]["family"], Options(ours=ours, theirs=theirs))

    def listed(self, person: Person, limit: int = 50) -> list[Row]:
        """The newest runs, without their documents."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            found = ROWS.rows(session, "list_evaluations", limit=limit)
            return [_settled(session, row) for row in found]

    def read(self, person: Person, run_id: str) -> Row:
        """A run with its document; raises `RunUnknown`."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            return _settled(session, _run(session, run_id))

    def cancel(self, person: Person, run_id: str) -> Row:
        """Stop a run under way; raises `RunUnknown` or `RunOver`."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            if _settled(session, _run(session, run_id))["status"] not in ALIVE:
                raise RunOver
            end(session, run_id, "cancelled")
            return _run(session, run_id)

    def _ask(self, person: Person, experiment: str, family: str, options: Options) -> Row:
        run_id = repository.new_id()
        asked = options.model_dump(exclude_none=True)
        with self._database.session(person.actor) as session:
            ROWS.run(
                session,
                "add_evaluation",
                id=run_id,
                experiment=experiment,
                family=family,
                options=orjson.dumps(asked).decode(),
                who=person.id,
            )
            payload = {"run_id": run_id, "user_id": person.id}
            job_id = defer(session, TASK, payload, lock=f"{TASK}-{experiment}")
            ROWS.run(session, "evaluation_job", id=run_id, job_id=job_id)
            log(session, person, "evaluation_requested", run_id, {"experiment": experiment} | asked)
            return _run(session, run_id)


def report_folder(run: Row) -> Path:
    """Where the report and the plots of a finished run lie; raises `RunUnfinished`."""
    if not run["folder"]:
        raise RunUnfinished
    folder = Path(str(run["folder"])) / REPORTS / str(run["id"])
    if not (folder / "report.html").is_file():
        raise RunUnfinished
    return folder


def end(
    session: Session,
    run_id: str,
    status: str,
    *,
    error_code: str | None = None,
    document: Any = None,
    folder: str | None = None,
    report_sha256: str | None = None,
) -> None:
    """End a run that is still under way."""
    ROWS.run(
        session,
        "evaluation_end",
        id=run_id,
        status=status,
        error_code=error_code,
        document=None if document is None else orjson.dumps(document).decode(),
        folder=folder,
        report_sha256=report_sha256,
    )


def _run(session: Session, run_id: str) -> Row:
    found = ROWS.first(session, "get_evaluation", id=run_id)
    if found is None:
        raise RunUnknown
    return found


def _settled(session: Session, run: Row) -> Row:
    """The run; ended as failed when its job is over although nobody ended the run."""
    if not is_lost(session, run):
        return run
    end(session, run["id"], "failed", error_code="research.lost")
    return _run(session, run["id"]) | {"document": run["document"]}
