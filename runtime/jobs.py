"""Work that outlives a request: asked for inside the writer's transaction, done by a worker.

A job is a task's name and a few ids, never text of a narrative. It exists when, and only when,
the transaction that deferred it committed. A worker may die at any moment: its jobs are begun
again, so a task commits its result together with `JobContext.claim` and is then done once.
"""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector, RetryDecision
from procrastinate import JobContext as QueueContext
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from procrastinate.worker import Worker as QueueWorker
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from runtime.database import Database
from runtime.errors import BadInput, Conflict
from runtime.queue_schema import require_queue_version

log = structlog.get_logger("runtime.jobs")

LONGEST_VALUE = 200
KEPT_HOURS = 24 * 30
RESTART_S = 2.0
# New jobs announce themselves; a retry falling due and a lock let go do not.
POLL_S = 1.0

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
_CLAIM = text(
    "SELECT id FROM procrastinate_jobs"
    " WHERE id = :id AND status = 'doing' AND worker_id = :worker_id FOR UPDATE"
)
# One statement, so that of two workers who look at once only one begins a lost job again.
_RECOVER = text(
    """
    WITH lost AS (
        SELECT job.id, job.attempts
        FROM procrastinate_jobs job LEFT JOIN procrastinate_workers w ON w.id = job.worker_id
        WHERE job.status = 'doing' AND (job.worker_id IS NULL
            OR w.last_heartbeat < now() - make_interval(secs => :stalled_s))
        FOR UPDATE OF job SKIP LOCKED)
    SELECT id, CASE WHEN attempts + 1 < :max_attempts
        THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)::text
        ELSE procrastinate_finish_job_v1(id, 'failed', false)::text END
    FROM lost
    """
)


class JobLost(Conflict):
    """The job was meanwhile given to another worker; this one's work must not be kept."""

    code = "job.lost"


@dataclass(frozen=True, slots=True)
class JobState:
    """``status``: todo, doing, succeeded, failed, cancelled or aborted."""

    status: str
    attempts: int


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
    """A worker says every ``heartbeat_s`` that it lives; silent for ``stalled_s`` it is dead."""

    heartbeat_s: float = 5.0
    stalled_s: float = 20.0
    graceful_s: float = 30.0


def defer(  # noqa: PLR0913 the three options are keywords
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
    ) -> Worker:
        """A worker for ``tasks`` by name; `Worker.run` makes it work."""
        require_queue_version()
        worker = Worker(self.database, tasks, patience or Patience(), pulse or Pulse())
        worker.queues, worker.concurrency = queues, concurrency
        return worker


class Worker:
    """Takes jobs one after another and runs each in a thread of its own."""

    queues: Sequence[str] | None = None
    concurrency: int = 1

    def __init__(
        self, database: Database, tasks: Mapping[str, Task], patience: Patience, pulse: Pulse
    ) -> None:
        self.database = database
        self.tasks = dict(tasks)
        self.patience = patience
        self.pulse = pulse
        self._stopping = threading.Event()
        self._running: QueueWorker | None = None

    def run(self, *, wait: bool = True) -> None:
        """Work until `stop`, SIGTERM or SIGINT; without ``wait`` until no job is left."""
        asyncio.run(self._run(wait))

    def stop(self) -> None:
        """From any thread: take no further job, let the running ones end, then return."""
        self._stopping.set()
        if self._running is not None:
            self._running.stop()  # type: ignore[no-untyped-call]

    async def _run(self, wait: bool) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.stop)
        while not self._stopping.is_set():
            try:
                await self._work(wait)
            except Exception as error:
                # The database went away or took us for dead: begin anew rather than end.
                log.warning("worker_restarts", kind=type(error).__name__)
            if not wait:
                return
            await asyncio.to_thread(self._stopping.wait, RESTART_S)

    async def _work(self, wait: bool) -> None:
        app = self._app()
        async with app.open_async():
            await asyncio.to_thread(self._recover)
            await app.job_manager.delete_old_jobs(
                KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )
            self._running = QueueWorker(
                app,
                queues=self.queues,
                name="cmis",
                concurrency=self.concurrency,
                wait=wait,
                fetch_job_polling_interval=POLL_S,
                shutdown_graceful_timeout=self.pulse.graceful_s,
                install_signal_handlers=False,
                update_heartbeat_interval=self.pulse.heartbeat_s,
                stalled_worker_timeout=self.pulse.stalled_s,
            )
            watching = asyncio.create_task(self._watch())
            try:
                await self._running.run()  # type: ignore[no-untyped-call]
            finally:
                self._running = None
                watching.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self.pulse.stalled_s / 2)
            try:
                await asyncio.to_thread(self._recover)
            except Exception as error:
                log.warning("recovery_failed", kind=type(error).__name__)

    def _recover(self) -> None:
        """Give jobs of dead workers back to the queue, or fail them after too many tries."""
        limits = {"stalled_s": self.pulse.stalled_s, "max_attempts": self.patience.max_attempts}
        with self.database.session() as session:
            for row in session.execute(_RECOVER, limits).all():
                log.warning("job_recovered", job_id=row.id)

    def _app(self) -> App:
        url = make_url(self.database.addresses.app_url)
        parts = url.translate_connect_args(username="user", database="dbname")
        more = {k: v if isinstance(v, str) else ",".join(v) for k, v in url.query.items()}
        address = make_conninfo("", **parts, **more)
        app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4))
        for name, task in self.tasks.items():
            app.task(name=name, pass_context=True, retry=self.patience)(_runner(name, task))
        return app


def _runner(name: str, task: Task) -> Callable[..., None]:
    def run(context: QueueContext, **payload: Any) -> None:
        job = context.job
        task(
            payload,
            JobContext(job.id or 0, name, job.attempts, job.worker_id, context.should_abort),
        )

    return run
