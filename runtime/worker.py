"""The process that does the jobs, and begins again what a dead one left undone."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate import JobContext as QueueContext
from procrastinate.worker import Worker as QueueWorker
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url, text

from runtime.database import Database
from runtime.job_context import JobContext, Patience, Pulse, Task

log = structlog.get_logger("runtime.worker")

KEPT_HOURS = 24 * 30
# New jobs announce themselves; a retry falling due and a lock let go do not.
POLL_S = 1.0

# One statement, so that of two workers who look at once only one begins a lost job again.
_RECOVER = text(
    """
    WITH lost AS (
        SELECT job.id, job.attempts
        FROM procrastinate_jobs job LEFT JOIN procrastinate_workers w ON w.id = job.worker_id
        WHERE job.status = 'doing' AND (job.worker_id IS NULL
            OR job.worker_id IS DISTINCT FROM CAST(:mine AS bigint)
            AND w.last_heartbeat < now() - make_interval(secs => :stalled_s))
        FOR UPDATE OF job SKIP LOCKED)
    SELECT id, CASE WHEN attempts + 1 < :max_attempts
        THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)::text
        ELSE procrastinate_finish_job_v1(id, 'failed', false)::text END
    FROM lost
    """
)


class Worker:
    """Takes jobs one after another and runs each in a thread of its own."""

    queues: Sequence[str] | None = None
    concurrency: int = 1
    periodic: Mapping[str, str] = MappingProxyType({})

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
            await asyncio.to_thread(self._stopping.wait, self.pulse.restart_s)

    async def _work(self, wait: bool) -> None:
        app = self._app(self.periodic if wait else {})
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
        """Give jobs of dead workers back to the queue, or fail them after too many tries.

        Never this worker's own: who looks is alive, also after a task kept it from saying so.
        """
        mine = self._running.worker_id if self._running else None
        limits = {
            "stalled_s": self.pulse.stalled_s,
            "max_attempts": self.patience.max_attempts,
            "mine": mine,
        }
        with self.database.session() as session:
            for row in session.execute(_RECOVER, limits).all():
                log.warning("job_recovered", job_id=row.id)

    def _app(self, periodic: Mapping[str, str]) -> App:
        url = make_url(self.database.addresses.app_url)
        parts = url.translate_connect_args(username="user", database="dbname")
        more = {k: v if isinstance(v, str) else ",".join(v) for k, v in url.query.items()}
        address = make_conninfo("", **parts, **more)
        app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4))
        for name, task in self.tasks.items():
            # A periodic job waits for the one before it, and no third waits behind them.
            alone = name if name in periodic else None
            known = app.task(
                name=name, pass_context=True, retry=self.patience, lock=alone, queueing_lock=alone
            )(_runner(name, task))
            if name in periodic:
                app.periodic(cron=periodic[name])(known)
        return app


def _runner(name: str, task: Task) -> Callable[..., None]:
    def run(context: QueueContext, **payload: Any) -> None:
        job = context.job
        task(
            payload,
            JobContext(job.id or 0, name, job.attempts, job.worker_id, context.should_abort),
        )

    return run
