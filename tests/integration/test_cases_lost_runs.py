"""A draft run never hangs: whatever becomes of its job, the case can be drafted again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from cases.drafting import DraftTask
from cases.errors import DraftEnded, DraftRunning
from cases.people import Person
from planner.graph import Planner
from runtime.jobs import JobContext, JobLost, Patience
from tests.integration.record import Record

CALM = "ยายแวะมาขอบคุณเจ้าหน้าที่ที่เคยช่วยไว้ บอกว่าตอนนี้ทุกคนสบายดี"
DRAFTED = "SELECT id FROM plan_versions WHERE case_id = :c"


def context(job_id: int, attempts: int = 0, worker_id: int | None = None) -> JobContext:
    return JobContext(job_id, "draft_plan", attempts, worker_id, lambda: False)


def requested(record: Record, person: Person) -> tuple[str, dict[str, Any]]:
    case_id = record.opened(person)
    return case_id, record.services.drafting.request(person, case_id)


def job_of(record: Record, run: Mapping[str, Any]) -> int:
    (row,) = record.owner("SELECT job_id FROM draft_runs WHERE id = :r", r=run["id"])
    return int(row.job_id)


def task(record: Record, planner: Planner | None = None) -> DraftTask:
    wiring = record.wiring
    return DraftTask(wiring.database, wiring.library, planner or wiring.planner, wiring.vault)


@contextmanager
def dismissed(record: Record, person: Person) -> Iterator[None]:
    """The person has left the office for a while."""
    change = "UPDATE users SET active = :a WHERE id = :u"
    record.owner(change, a=False, u=person.id)
    yield
    record.owner(change, a=True, u=person.id)


@pytest.mark.parametrize("status", ["failed", "cancelled", "aborted", "succeeded"])
def test_a_run_whose_job_is_over_ends_as_lost(
    record: Record, owner: Person, colleague: Person, status: str
) -> None:
    case_id, run = requested(record, owner)
    with pytest.raises(DraftRunning):
        record.services.drafting.request(colleague, case_id)
    record.owner(
        "UPDATE procrastinate_jobs SET status = CAST(:s AS procrastinate_job_status) WHERE id = :j",
        s=status,
        j=job_of(record, run),
    )
    seen = record.services.drafting.read(colleague, run["id"])
    assert (seen["status"], seen["error_code"]) == ("failed", "draft.lost")
    again = record.services.drafting.request(colleague, case_id)
    assert again["status"] == "queued"
    record.services.drafting.cancel(colleague, again["id"])


def test_the_job_of_somebody_who_left_blocks_nobody(
    record: Record, owner: Person, colleague: Person
) -> None:
    case_id, run = requested(record, owner)
    with dismissed(record, owner):
        record.work()
        assert record.services.drafting.read(colleague, run["id"])["status"] == "failed"
    assert record.owner(DRAFTED, c=case_id) == []
    record.services.drafting.request(colleague, case_id)
    record.work()
    assert len(record.owner(DRAFTED, c=case_id)) == 1


def test_a_job_begun_twice_makes_one_version(record: Record, owner: Person) -> None:
    case_id, run = requested(record, owner)
    record.work()
    task(record)({"run_id": run["id"], "user_id": owner.id}, context(job_of(record, run)))
    assert len(record.owner(DRAFTED, c=case_id)) == 1


def test_work_of_a_lost_job_is_thrown_away_and_the_run_goes_on(
    record: Record, owner: Person
) -> None:
    """The job was never given to this worker: nothing is kept, and the run is not failed."""
    case_id, run = requested(record, owner)
    payload = {"run_id": run["id"], "user_id": owner.id}
    with pytest.raises(JobLost):
        task(record)(payload, context(job_of(record, run), worker_id=-1))
    assert record.owner(DRAFTED, c=case_id) == []
    assert record.services.drafting.read(owner, run["id"])["status"] == "running"
    record.work()
    assert record.services.drafting.read(owner, run["id"])["status"] == "done"


class Broken(Planner):
    """A planner whose last step fails."""

    def draft(self, *args: Any, **options: Any) -> Any:
        raise OSError("the disk is gone")


def test_a_fault_is_tried_again_and_fails_only_the_last_time(record: Record, owner: Person) -> None:
    _, run = requested(record, owner)
    payload = {"run_id": run["id"], "user_id": owner.id}
    broken = task(record, Broken(record.wiring.library))
    job = job_of(record, run)
    for attempts in range(Patience().max_attempts):
        assert record.services.drafting.read(owner, run["id"])["status"] == "queued"
        with pytest.raises(OSError, match="disk"):
            broken(payload, context(job, attempts))
    seen = record.services.drafting.read(owner, run["id"])
    assert (seen["status"], seen["error_code"]) == ("failed", "internal")


def test_a_case_without_a_problem_says_so(record: Record, owner: Person) -> None:
    case_id = record.opened(owner, CALM)
    coding = record.services.files.read(owner, case_id)["coding"]
    for problem in [*coding["codes"], *coding["unsure"]]:
        record.services.files.decide_code(owner, case_id, problem["code"], "removed")
    run = record.services.drafting.request(owner, case_id)
    record.work()
    seen = record.services.drafting.read(owner, run["id"])
    assert (seen["status"], seen["error_code"]) == ("failed", "draft.no_problem")


def test_a_cancelled_draft_keeps_nothing_and_is_cancelled_once(
    record: Record, owner: Person
) -> None:
    case_id, run = requested(record, owner)
    assert record.services.drafting.cancel(owner, run["id"])["status"] == "cancelled"
    record.work()
    assert record.owner(DRAFTED, c=case_id) == []
    assert record.services.drafting.read(owner, run["id"])["status"] == "cancelled"
    with pytest.raises(DraftEnded):
        record.services.drafting.cancel(owner, run["id"])
    actions = [e["action"] for e in record.services.integrity.trail(owner, case_id)["events"]]
    assert actions.count("draft_cancelled") == 1


def test_a_stop_during_the_draft_is_heard(record: Record, owner: Person) -> None:
    case_id, run = requested(record, owner)
    drafting = record.services.drafting

    class Stopped(Planner):
        def draft(self, *args: Any, **options: Any) -> Any:
            drafting.cancel(owner, run["id"])
            return super().draft(*args, **options)

    stopped = task(record, Stopped(record.wiring.library))
    stopped({"run_id": run["id"], "user_id": owner.id}, context(job_of(record, run)))
    assert drafting.read(owner, run["id"])["status"] == "cancelled"
    assert record.owner(DRAFTED, c=case_id) == []
    record.work()
