"""What a task is told of its job, and the terms on which jobs are tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from procrastinate import RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from sqlalchemy import text
from sqlalchemy.orm import Session

from runtime.errors import BadInput, Conflict

_CLAIM = text(
    "SELECT id FROM procrastinate_jobs"
    " WHERE id = :id AND status = 'doing' AND worker_id = :worker_id FOR UPDATE"
)


class JobLost(Conflict):
    """The job was meanwhile given to another worker; this one's work must not be kept."""

    code = "job.lost"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a task may know of its job. ``attempts`` counts earlier, unfinished tries."""

    job_id: int
    task: str
    attempts: int
    worker_id: int | None
    stopping: Callable[[], bool]

    def claim(self, session: Session) -> None:
        """Hold the job for this transaction; raises `JobLost` if it is no longer ours."""
        mine = {"id": self.job_id, "worker_id": self.worker_id}
        if session.execute(_CLAIM, mine).first() is None:
            raise JobLost

    def give_way(self) -> None:
        """Call between steps: ends the task, to be begun again, when the worker must stop."""
        if self.stopping():
            raise JobAborted


Task = Callable[[Mapping[str, Any], JobContext], None]


@dataclass(frozen=True)
class Patience(BaseRetryStrategy):
    """Failed tries wait ``wait_s`` · 2ⁿ seconds; what the caller must mend is not tried again."""

    max_attempts: int = 5
    wait_s: float = 5.0

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or ``None`` for never."""
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, BadInput) or job.attempts + 1 >= self.max_attempts:
            return None
        seconds = self.wait_s * 2**job.attempts
        return RetryDecision(retry_in={"milliseconds": int(seconds * 1000)})


@dataclass(frozen=True, slots=True)
class Pulse:
    """A worker says every ``heartbeat_s`` that it lives; silent for ``stalled_s`` it is dead.

    One whose database went away begins anew after ``restart_s``.
    """

    heartbeat_s: float = 5.0
    stalled_s: float = 20.0
    graceful_s: float = 30.0
    restart_s: float = 2.0
