"""Jobs: asked for in a transaction, done once, also when a worker is killed over them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from runtime import queue_schema
from runtime.database import Database
from runtime.errors import BadInput, PartMissing
from runtime.jobs import (
    JobContext,
    JobLost,
    JobQueue,
    JobState,
    Patience,
    Pulse,
    Task,
    Worker,
    defer,
    job_state,
)
from runtime.queue_schema import QueueVersion

REPOSITORY = Path(__file__).parents[2]
QUICK = Patience(max_attempts=3, wait_s=0.01)
PULSE = Pulse(heartbeat_s=0.3, stalled_s=1.5, graceful_s=5)
VICTIM = """
import sys, time
from runtime.database import Database
from runtime.embedded import Addresses
from runtime.jobs import JobQueue, Pulse

def slow(payload, context):
    print("begun", flush=True)
    time.sleep(60)

database = Database(Addresses(sys.argv[1], sys.argv[1]))
JobQueue(database).worker({"slow": slow}, pulse=Pulse(0.3, 1.5)).run()
"""


@pytest.fixture
def base(fresh_database: Database) -> Database:
    with fresh_database.owner_engine.begin() as owner:
        owner.execute(text("CREATE TABLE done (job_id bigint, word text)"))
    return fresh_database


def ask(base: Database, task: str, **options: Any) -> int:
    with base.session() as session:
        return defer(session, task, options.pop("payload", {}), **options)


def state(base: Database, job_id: int) -> JobState | None:
    with base.session() as session:
        return job_state(session, job_id)


def work(base: Database, tasks: Mapping[str, Task], **options: Any) -> None:
    JobQueue(base).worker(tasks, patience=QUICK, pulse=PULSE, **options).run(wait=False)


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def working(base: Database, tasks: Mapping[str, Task], **options: Any) -> Iterator[Worker]:
    worker = JobQueue(base).worker(tasks, patience=QUICK, pulse=PULSE, **options)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_committed_job_runs_with_its_payload(base: Database) -> None:
    seen: list[tuple[Mapping[str, Any], JobContext]] = []
    job = ask(base, "note", payload={"case_id": "c-1", "n": 2, "flags": ["a", "b"], "x": None})
    assert state(base, job) == JobState("todo", 0)
    work(base, {"note": lambda payload, context: seen.append((payload, context))})
    ((payload, context),) = seen
    assert payload == {"case_id": "c-1", "n": 2, "flags": ["a", "b"], "x": None}
    assert (context.job_id, context.task, context.attempts) == (job, "note", 0)
    assert state(base, job) == JobState("succeeded", 1)


def test_job_of_a_rolled_back_transaction_never_runs(base: Database) -> None:
    jobs: list[int] = []

    def write_and_fail() -> None:
        with base.session() as session:
            jobs.append(defer(session, "note", {}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    seen: list[JobContext] = []
    work(base, {"note": lambda payload, context: seen.append(context)})
    assert seen == []
    assert state(base, jobs[0]) is None


def test_job_is_not_seen_before_the_commit(base: Database) -> None:
    seen: list[int] = []
    with working(base, {"note": lambda payload, context: seen.append(context.job_id)}):
        with base.session() as session:
            job = defer(session, "note", {})
            time.sleep(0.5)
            assert seen == []
        assert eventually(lambda: seen == [job])


@pytest.mark.parametrize("value", ["x" * 201, {"a": 1}, ["y" * 201], b"z"])
def test_payload_holds_no_long_words(base: Database, value: object) -> None:
    unfit = pytest.raises(ValueError, match="ids and small values: story")
    with base.session() as session, unfit as refused:
        defer(session, "note", {"story": value})
    assert "xxx" not in str(refused.value)


def test_waiting_job_is_not_doubled(base: Database) -> None:
    with base.session() as session:
        session.execute(text("INSERT INTO done VALUES (0, 'kept')"))
        first = defer(session, "note", {}, queueing_lock="draft-1")
        second = defer(session, "note", {}, queueing_lock="draft-1")
        other = defer(session, "note", {}, queueing_lock="draft-2")
    assert first == second != other
    with base.session() as session:
        assert session.scalar(text("SELECT word FROM done")) == "kept"


def test_same_lock_runs_one_after_another(base: Database) -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        time.sleep(0.1)
        with guard:
            inside -= 1

    jobs = [ask(base, "note", lock="case-1") for _ in range(3)]
    with working(base, {"note": task}, concurrency=3):
        ended = JobState("succeeded", 1)
        assert eventually(lambda: all(state(base, job) == ended for job in jobs))
    assert most == 1


def test_only_named_queues_are_served(base: Database) -> None:
    ask(base, "note", queue="slow")
    seen: list[int] = []
    tasks = {"note": lambda payload, context: seen.append(context.job_id)}
    work(base, tasks, queues=["default"])
    assert seen == []
    work(base, tasks, queues=["slow"])
    assert len(seen) == 1


def test_failing_task_is_tried_again_then_failed(base: Database) -> None:
    tries: list[int] = []

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        tries.append(context.attempts)
        raise PartMissing

    job = ask(base, "note")
    with working(base, {"note": task}):
        assert eventually(lambda: state(base, job) == JobState("failed", 3))
    assert tries == [0, 1, 2]


def test_what_the_caller_must_mend_is_not_tried_again(base: Database) -> None:
    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        raise BadInput

    job = ask(base, "note")
    work(base, {"note": task})
    assert state(base, job) == JobState("failed", 1)


def test_unknown_task_fails(base: Database) -> None:
    job = ask(base, "nobody_knows")
    work(base, {})
    assert state(base, job) == JobState("failed", 1)


def test_killed_worker_s_job_is_begun_again_and_done_once(base: Database) -> None:
    job = ask(base, "slow")
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, base.addresses.app_url],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        text=True,
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == "begun\n"
    victim.kill()
    victim.communicate()
    assert state(base, job) == JobState("doing", 0)

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        with base.session() as session:
            context.claim(session)
            session.execute(text("INSERT INTO done VALUES (:id, 'done')"), {"id": context.job_id})

    with working(base, {"slow": task}), working(base, {"slow": task}):
        assert eventually(lambda: state(base, job) == JobState("succeeded", 2))
        time.sleep(1)
    with base.session() as session:
        assert list(session.scalars(text("SELECT job_id FROM done"))) == [job]


def test_worker_taken_for_dead_keeps_nothing(base: Database) -> None:
    outcome: list[str] = []

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        with base.owner_engine.begin() as owner:
            owner.execute(text("UPDATE procrastinate_jobs SET worker_id = NULL"))
        with base.session() as session:
            try:
                context.claim(session)
            except JobLost:
                outcome.append("lost")

    ask(base, "note")
    work(base, {"note": task})
    assert outcome == ["lost"]


def test_stop_lets_the_running_job_end(base: Database) -> None:
    begun, seen = threading.Event(), []

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        begun.set()
        time.sleep(0.5)
        seen.append(context.job_id)

    job = ask(base, "note")
    with working(base, {"note": task}) as worker:
        assert begun.wait(10)
        later = ask(base, "note")
        worker.stop()
    assert seen == [job]
    assert state(base, later) == JobState("todo", 0)


def test_long_task_gives_way_and_is_begun_again(base: Database) -> None:
    begun = threading.Event()

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        begun.set()
        for _ in range(600):
            time.sleep(0.05)
            context.give_way()

    job = ask(base, "note")
    impatient = Pulse(heartbeat_s=0.3, stalled_s=5, graceful_s=0.2)
    worker = JobQueue(base).worker({"note": task}, pulse=impatient)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert begun.wait(10)
    worker.stop()
    thread.join(timeout=15)
    assert not thread.is_alive()
    assert state(base, job) == JobState("todo", 1)


def test_a_worker_that_could_not_say_that_it_lives_keeps_its_job(base: Database) -> None:
    """A task may hold the interpreter for longer than the pulse."""
    ran: list[int] = []

    def task(payload: Mapping[str, Any], context: JobContext) -> None:
        ran.append(context.job_id)
        time.sleep(2)
        with base.session() as session:
            context.claim(session)

    job = ask(base, "note")
    silent = Pulse(heartbeat_s=30, stalled_s=0.4)
    JobQueue(base).worker({"note": task}, patience=QUICK, pulse=silent).run(wait=False)
    assert (ran, state(base, job)) == ([job], JobState("succeeded", 1))


def test_worker_survives_a_lost_connection(base: Database) -> None:
    seen: list[int] = []
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with working(base, {"note": lambda payload, context: seen.append(context.job_id)}):
        first = ask(base, "note")
        assert eventually(lambda: seen == [first])
        with base.owner_engine.begin() as owner:
            owner.execute(cut)
        base.engine.dispose()
        second = ask(base, "note")
        assert eventually(lambda: seen == [first, second])


def test_other_queue_version_is_refused(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_schema, "version", lambda name: "4.0.0")
    with pytest.raises(QueueVersion) as refused:
        JobQueue(base).worker({})
    assert "4.0.0" in refused.value.say("en")


def test_a_periodic_job_waits_for_the_one_before_it(base: Database) -> None:
    worker = JobQueue(base).worker(
        {"often": noted, "asked": noted}, periodic={"often": "* * * * *"}
    )
    tasks = worker._app(worker.periodic).tasks
    assert (tasks["often"].lock, tasks["often"].queueing_lock) == ("often", "often")
    assert (tasks["asked"].lock, tasks["asked"].queueing_lock) == (None, None)


def noted(payload: Mapping[str, Any], context: JobContext) -> None:
    """A task that does nothing."""
