"""Work that outlives a request: asked for inside the writer's transaction, done by a worker.

A job is a task's name and a few ids, never text of a narrative. It exists when, and only when,
the transaction that deferred it committed. A worker may die at any moment: its jobs are begun
again, so a task commits its result together with `JobContext.claim` and is then done once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from runtime.database import Database
from runtime.job_context import JobContext, JobLost, Patience, Pulse, Task
from runtime.queue_schema import require_queue_version
from runtime.worker import Worker

__all__ = [
    "JobContext",
    "JobLost",
    "JobQueue",
    "JobState",
    "Patience",
    "Pulse",
    "Task",
    "Worker",
    "defer",
    "job_state",
]

LONGEST_VALUE = 200

_DEFER = text(
    """
    SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS varchar), CAST(:task AS varchar), CAST(:priority AS integer),
        CAST(:lock AS text), CAST(:queueing_lock AS text), CAST(:args AS jsonb),
        CAST(NULL AS timestamptz))]::procrastinate_job_to_defer_v1[]))[1]
    """
)
_WAITING = text(
    "SELECT id FROM procrastinate_jobs WHERE queueing_lock = :queueing_lock AND status = 'todo'"
)
_STATE = text("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = :id")


@dataclass(frozen=True, slots=True)
class JobState:
    """``status``: todo, doing, succeeded, failed, cancelled or aborted."""

    status: str
    attempts: int


def defer(
    session: Session,
    task: str,
    payload: Mapping[str, Any],
    *,
    queue: str = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
) -> int:
    """Ask for ``task`` in the session's transaction; gives the job's id.

    Jobs with the same ``lock`` run one after another. While one with the same ``queueing_lock``
    is waiting, no second one is made and the waiting one's id is given. ``payload`` holds ids
    and small values; raises `ValueError` for anything longer, which could be somebody's words.
    """
    asked = {
        "queue": queue,
        "task": task,
        "priority": 0,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "args": json.dumps(_checked(payload)),
    }
    while True:
        try:
            with session.begin_nested():
                return int(session.execute(_DEFER, asked).scalar_one())
        except IntegrityError:
            waiting = session.scalar(_WAITING, {"queueing_lock": queueing_lock})
            if waiting is not None:
                return int(waiting)


def job_state(session: Session, job_id: int) -> JobState | None:
    """How far a job is; ``None`` when there is no such job (any more)."""
    row = session.execute(_STATE, {"id": job_id}).first()
    return JobState(*row) if row else None


def _checked(payload: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in payload.items():
        parts: Sequence[Any] = value if isinstance(value, (list, tuple)) else [value]
        for part in parts:
            small = part is None or isinstance(part, (bool, int, float))
            if not small and not (isinstance(part, str) and len(part) <= LONGEST_VALUE):
                raise ValueError(f"a job's payload holds ids and small values: {key}")
    return dict(payload)


class JobQueue:
    """The queue of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def worker(
        self,
        tasks: Mapping[str, Task],
        *,
        queues: Sequence[str] | None = None,
        concurrency: int = 1,
        patience: Patience | None = None,
        pulse: Pulse | None = None,
        periodic: Mapping[str, str] | None = None,
    ) -> Worker:
        """A worker for ``tasks`` by name; `Worker.run` makes it work.

        ``periodic``: by task, the cron line of when it is asked for without anybody asking.
        """
        require_queue_version()
        worker = Worker(self.database, tasks, patience or Patience(), pulse or Pulse())
        worker.queues, worker.concurrency = queues, concurrency
        worker.periodic = dict(periodic or {})
        return worker
