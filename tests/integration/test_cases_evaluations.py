"""Runs of evaluations through the queue: asked for over HTTP, done by a real worker, read again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cases.evaluation_runs import EvaluationRuns, Options
from cases.people import Person
from cases.research_errors import ResearchersOnly
from evals.runs import read_run
from runtime.jobs import JobContext
from tests.integration.record import Record
from tests.integration.test_commands_research import client

API = "/api/v1/research"


@pytest.fixture(scope="module")
def researcher(record: Record) -> Person:
    return record.person("researcher")


@pytest.fixture(scope="module")
def http(record: Record) -> TestClient:
    return client(record, "researcher")


@pytest.fixture(scope="module")
def done(record: Record, http: TestClient) -> list[dict[str, Any]]:
    """Two finished runs: fifteen households, twelve of them again."""
    ids = []
    for limit in (15, 15, 12):
        body = {"experiment": "sensitivity-eligibility", "limit": limit}
        asked = http.post(f"{API}/runs", json=body)
        assert asked.status_code == httpx.codes.ACCEPTED, asked.text
        ids.append(asked.json()["id"])
    record.work()
    return [http.get(f"{API}/runs/{i}").json() for i in ids]


def test_a_run_keeps_figures_intervals_and_its_report(
    record: Record, http: TestClient, done: list[dict[str, Any]]
) -> None:
    run = done[0]
    assert (run["status"], run["percent"], run["error_code"]) == ("done", 100, None)
    found = run["document"]["engines"]["default"]
    assert run["document"]["cases"] == 15
    assert set(run["document"]["order"]) == set(found["figures"])
    assert found["figures"]["verdict_accuracy"] > 0.5
    assert len(found["ci"]["verdict_accuracy"]) == 2
    assert run["document"]["against_first"]
    page = http.get(f"{API}/runs/{run['id']}/report")
    assert page.headers["content-type"].startswith("text/html")
    assert "script" not in page.headers["content-security-policy"]
    assert hashlib.sha256(page.content).hexdigest() == run["report_sha256"]
    plots = http.get(f"{API}/runs/{run['id']}/plots").json()
    assert all(svg.lstrip().startswith("<?xml") for svg in plots.values())
    assert plots


def test_the_same_run_again_finds_its_rows_and_gives_the_same_numbers(
    done: list[dict[str, Any]],
) -> None:
    first, again, other = (d["document"]["engines"] for d in done)
    assert first == again
    assert first != other


def test_two_runs_are_compared_by_a_job(
    record: Record, http: TestClient, done: list[dict[str, Any]]
) -> None:
    pair = {"ours": done[0]["id"], "theirs": done[1]["id"]}
    asked = http.post(f"{API}/comparisons", json=pair).json()
    unlike = http.post(f"{API}/comparisons", json=pair | {"theirs": done[2]["id"]}).json()
    record.work()
    found = http.get(f"{API}/runs/{asked['id']}").json()
    assert found["document"]["cases"] == 15
    assert found["document"]["differences"]["verdict_accuracy"]["value"] == 0
    refused = http.get(f"{API}/runs/{unlike['id']}").json()
    assert (refused["status"], refused["error_code"]) == ("failed", "evals.not_paired")
    assert http.get(f"{API}/runs/{asked['id']}/report").status_code == 409
    early = http.post(f"{API}/comparisons", json=pair | {"theirs": asked["id"]})
    assert early.json()["code"] == "research.run_unfinished"


def test_the_list_names_the_newest_first(http: TestClient, done: list[dict[str, Any]]) -> None:
    listed = http.get(f"{API}/runs", params={"limit": 100}).json()
    assert {d["id"] for d in done} <= {r["id"] for r in listed}
    assert all(r["document"] is None for r in listed)
    offered = http.get(f"{API}/experiments").json()
    assert {"coding", "drafting", "retrieval"} <= {e["id"] for e in offered}


def test_a_cancelled_run_stays_cancelled(
    record: Record, http: TestClient, done: list[dict[str, Any]]
) -> None:
    asked = http.post(f"{API}/runs", json={"experiment": "eligibility", "limit": 3}).json()
    assert http.post(f"{API}/runs/{asked['id']}/cancel").json()["status"] == "cancelled"
    assert http.post(f"{API}/runs/{asked['id']}/cancel").json()["code"] == "research.run_over"
    record.work()
    assert http.get(f"{API}/runs/{asked['id']}").json()["status"] == "cancelled"


def test_a_run_under_way_stops_at_its_next_case_and_is_taken_up_again(
    record: Record, http: TestClient, researcher: Person
) -> None:
    runs = record.services.research.evaluations
    task = record.wiring.worker().tasks["evaluate"]
    first = runs.request(researcher, "eligibility", Options(limit=4))
    payload = {"run_id": first["id"], "user_id": researcher.id}
    steps: list[int] = []

    def stopping() -> bool:
        steps.append(1)
        if len(steps) == 2:
            runs.cancel(researcher, first["id"])
        return False

    task(payload, JobContext(first["job_id"], "evaluate", 0, None, stopping))
    assert runs.read(researcher, first["id"])["status"] == "cancelled"
    folder = next(Path(record.wiring.settings.data_dir / "evaluations").glob("eligibility-*"))
    kept = (folder / "rows-default.jsonl").read_bytes().splitlines()
    assert 2 <= len(kept) < 4 + 1
    again = runs.request(researcher, "eligibility", Options(limit=4))
    record.work()
    done = runs.read(researcher, again["id"])
    assert done["status"] == "done"
    stored = read_run(Path(done["folder"])).rows["default"]
    assert len(stored) == 4


def test_who_is_refused_and_what(
    record: Record, http: TestClient, done: list[dict[str, Any]]
) -> None:
    unknown = http.post(f"{API}/runs", json={"experiment": "no-such"})
    assert unknown.json()["code"] == "research.experiment_unknown"
    assert http.get(f"{API}/runs/nobody").json()["code"] == "research.run_unknown"
    worker = client(record, "somying.pmj")
    for path in ("experiments", "runs", "runs/x", "runs/x/plots", "runs/x/report"):
        assert worker.get(f"{API}/{path}").status_code == 403
    assert record.owner("SELECT count(*) FROM evaluation_runs")[0][0] >= len(done)
    with record.database.session(record.person("somying.pmj").actor) as session:
        assert session.scalar(text("SELECT count(*) FROM evaluation_runs")) == 0
    with pytest.raises(ResearchersOnly):
        EvaluationRuns(record.database, []).experiments(record.person("auditor"))


def test_a_run_whose_job_is_gone_is_said_to_be_lost(record: Record, researcher: Person) -> None:
    runs = record.services.research.evaluations
    asked = runs.request(researcher, "privacy", Options(limit=1))
    record.owner("DELETE FROM procrastinate_jobs WHERE id = :id", id=asked["job_id"])
    assert runs.read(researcher, asked["id"])["error_code"] == "research.lost"
