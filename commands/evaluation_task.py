"""The job behind a run of an evaluation: measures, reports, and keeps what came out in the table.

Rows are stored case by case in the run's folder, so a worker that dies or must stop costs one case:
whoever takes the job up again finds the rows and goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cases.accounts import actor_of
from cases.evaluation_runs import COMPARISON, REPORTS, ROWS, Offered, Options, end
from cases.job_runs import ALIVE
from cases.rows import Row
from evals.experiments import Experiment, suite
from evals.parts import Parts
from evals.report import write_report
from evals.runs import Run, compare_runs, read_run, run
from runtime.actor import Actor
from runtime.database import Database
from runtime.errors import BadInput, CmisError, Conflict
from runtime.jobs import JobContext, JobLost, Patience


class EvaluationCancelled(Conflict):
    """Somebody stopped the run."""

    code = "research.run_over"


def experiments() -> dict[str, Experiment]:
    """The experiments a researcher may run, by id."""
    return {e.id: e for name in ("all", "smoke", "sensitivity") for e in suite(name)}


def offered() -> list[Offered]:
    """The same, as the record lists them."""
    return [
        Offered(e.id, e.title, e.asks, e.family, e.engines, e.limit) for e in experiments().values()
    ]


def figures_of(done: Run) -> list[str]:
    """The names of a run's figures as its family orders them, which the table does not keep."""
    engines = done.document["engines"]
    return list(next(iter(engines.values()))["figures"])


class EvaluationTask:
    """The job's work. ``open_parts`` must be importable for runs of several processes."""

    def __init__(
        self, database: Database, parts: Parts, open_parts: Callable[[], Parts], into: Path
    ) -> None:
        self._database = database
        self._parts = parts
        self._open_parts = open_parts
        self._into = into

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Measure what is absent, and keep the result together with the job's claim."""
        run_id, actor = payload["run_id"], actor_of(self._database, payload["user_id"])
        asked = self._read(run_id, actor)
        if asked["status"] not in ALIVE:
            return
        try:
            found = self._done(asked, actor, context)
        except EvaluationCancelled:
            return
        except JobLost:
            raise  # the run belongs to another worker now
        except Exception as error:
            last = context.attempts + 1 >= Patience().max_attempts and not context.stopping()
            if last or isinstance(error, BadInput):
                code = error.code if isinstance(error, CmisError) else CmisError.code
                with self._database.session(actor) as session:
                    end(session, run_id, "failed", error_code=code)
            raise
        with self._database.session(actor) as session:
            context.claim(session)
            end(session, run_id, "done", **found)

    def _done(self, asked: Row, actor: Actor, context: JobContext) -> dict[str, Any]:
        options = Options.model_validate(asked["options"])
        if asked["experiment"] == COMPARISON:
            return {"document": self._compared(options, actor)}
        experiment = experiments()[asked["experiment"]]
        if options.limit:
            experiment = experiment.model_copy(update={"limit": options.limit})

        def step(share: float, note: str) -> None:
            before = experiment.engines.index(note.rpartition(" ")[2])
            self._step(asked["id"], actor, (before + share) / len(experiment.engines), note)
            context.give_way()

        opened = self._open_parts if options.processes > 1 else lambda: self._parts
        done = run(experiment, opened, self._into, processes=options.processes, step=step)
        page = write_report([done], done.folder / REPORTS / asked["id"])
        return {
            "document": {**done.document, "order": figures_of(done)},
            "folder": str(done.folder),
            "report_sha256": hashlib.sha256(page.read_bytes()).hexdigest(),
        }

    def _compared(self, options: Options, actor: Actor) -> dict[str, Any]:
        runs = [self._read(str(run_id), actor) for run_id in (options.ours, options.theirs)]
        ours, theirs = (read_run(Path(str(r["folder"]))) for r in runs)
        found = compare_runs(ours, theirs)
        return {**found, "order": list(found["differences"])}

    def _step(self, run_id: str, actor: Actor, share: float, note: str) -> None:
        with self._database.session(actor) as session:
            if not ROWS.run(session, "evaluation_step", id=run_id, step=note, percent=100 * share):
                raise EvaluationCancelled

    def _read(self, run_id: str, actor: Actor) -> Row:
        with self._database.session(actor) as session:
            found = ROWS.first(session, "get_evaluation", id=run_id)
        return found or {"status": "gone"}
