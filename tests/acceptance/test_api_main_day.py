"""From a story to an approved plan over HTTP, and every way it may be refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cases import audit
from runtime.actor import Actor
from tests.acceptance.application import App

STORY = (Path(__file__).parents[2] / "samples" / "violence-at-home.txt").read_text(encoding="utf-8")
API = "/api/v1"
OWNER, COLLEAGUE, STRANGER = "somying.pmj", "wichai.pmj", "malee.bpd"


def opened(client: TestClient, story: str = STORY) -> dict[str, Any]:
    answer = client.post(f"{API}/cases", json={"narrative": story, "title": "ครอบครัวตัวอย่าง"})
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def drafted(app: App, client: TestClient) -> dict[str, Any]:
    case = opened(client)
    assert client.post(f"{API}/cases/{case['id']}/drafts").status_code == 202
    app.work()
    latest = client.get(f"{API}/cases/{case['id']}").json()["latest_run"]
    assert latest["status"] == "done", latest
    version: dict[str, Any] = client.get(f"{API}/plans/{latest['version_id']}").json()
    return version


def claims(part: Any) -> list[dict[str, Any]]:
    """Every sentence of a draft that is no frame."""
    if isinstance(part, dict):
        if "ink" in part:
            return [part] if part["ink"] != "frame" else []
        return [s for value in part.values() for s in claims(value)]
    return [s for item in part for s in claims(item)] if isinstance(part, list) else []


def decide(client: TestClient, version: dict[str, Any], *decisions: dict[str, Any]) -> Any:
    return client.post(
        f"{API}/plans/{version['id']}/decisions", json={"decisions": list(decisions)}
    )


def accept_all(client: TestClient, version: dict[str, Any]) -> None:
    decisions = [
        {"sentence_id": s["id"], "decision": "accepted"} for s in claims(version["content"])
    ]
    assert decide(client, version, *decisions).status_code == 204


def approve(client: TestClient, version: dict[str, Any], digest: str | None = None) -> Any:
    return client.post(
        f"{API}/plans/{version['id']}/approve",
        json={"content_hash": digest or version["content_hash"]},
    )


@pytest.fixture(scope="module")
def owner(app: App) -> TestClient:
    return app.client(OWNER)


@pytest.fixture(scope="module")
def version(app: App, owner: TestClient) -> dict[str, Any]:
    return drafted(app, owner)


def test_a_case_is_coded_when_it_is_opened(owner: TestClient) -> None:
    case = opened(owner)
    assert case["narrative"]["text"] == STORY
    assert case["coding"]["codes"]
    assert case["coding"]["red_flags"]
    assert case["urgency"] == "immediate_1h"
    for problem in case["coding"]["codes"]:
        for span in problem["spans"]:
            assert STORY[span["start"] : span["end"]] == span["text"]
    listed = owner.get(f"{API}/cases", params={"limit": 200}).json()
    assert case["id"] in {row["id"] for row in listed["items"]}


def test_an_approval_binds_to_the_exact_content(app: App, owner: TestClient) -> None:
    version = drafted(app, owner)
    accept_all(owner, version)
    other = approve(owner, version, "0" * 64)
    assert (other.status_code, other.json()["code"]) == (409, "approval.other_content")
    answer = approve(owner, version)
    assert answer.status_code == 200
    approval = answer.json()["approval"]
    assert approval["content_hash"] == version["content_hash"]
    assert approval["by_name"] == "สมหญิง สาธิตดี"
    again = decide(
        owner,
        version,
        {"sentence_id": claims(version["content"])[0]["id"], "decision": "accepted", "revision": 1},
    )
    assert (again.status_code, again.json()["code"]) == (409, "review.approved")


def test_nothing_undecided_is_approved(owner: TestClient, version: dict[str, Any]) -> None:
    answer = approve(owner, version)
    assert (answer.status_code, answer.json()["code"]) == (409, "approval.incomplete")


def test_an_edit_needs_words_and_a_reason(owner: TestClient, version: dict[str, Any]) -> None:
    sid = claims(version["content"])[1]["id"]
    bare = decide(owner, version, {"sentence_id": sid, "decision": "edited", "text": "ใหม่"})
    assert bare.json()["code"] == "review.incomplete"
    struck = decide(owner, version, {"sentence_id": sid, "decision": "struck", "reason": " "})
    assert struck.json()["code"] == "review.incomplete"
    unknown = decide(owner, version, {"sentence_id": "s999999", "decision": "accepted"})
    assert unknown.status_code == 404


def test_an_edit_that_changes_nothing_is_not_stored(
    owner: TestClient, version: dict[str, Any]
) -> None:
    drafted = claims(version["content"])[-1]
    edit = {"sentence_id": drafted["id"], "decision": "edited", "reason": "ชัดขึ้น"}
    same = decide(owner, version, edit | {"text": f" {drafted['text']}\n"})
    assert (same.status_code, same.json()["code"]) == (422, "review.unchanged")
    assert decide(owner, version, edit | {"text": "ถ้อยคำใหม่"}).status_code == 204
    again = decide(owner, version, edit | {"text": "ถ้อยคำใหม่", "revision": 1})
    assert again.json()["code"] == "review.unchanged"
    other = edit | {"text": "ถ้อยคำใหม่", "revision": 1, "reason": "ตรงกับที่ตกลงกัน"}
    assert decide(owner, version, other).status_code == 204


def test_the_second_of_two_people_gets_both_texts(
    app: App, owner: TestClient, version: dict[str, Any]
) -> None:
    sid = claims(version["content"])[2]["id"]
    mine = {"sentence_id": sid, "decision": "edited", "text": "ของฉัน", "reason": "ชัดขึ้น"}
    theirs = mine | {"text": "ของเขา"}
    assert decide(owner, version, mine).status_code == 204
    answer = decide(app.client(COLLEAGUE), version, theirs)
    assert answer.status_code == 409
    details = answer.json()["details"]
    assert details["theirs"]["text"] == "ของฉัน"
    assert details["yours"]["text"] == "ของเขา"
    kept = owner.get(f"{API}/plans/{version['id']}").json()["decisions"][sid]
    assert kept["text"] == "ของฉัน"


def test_a_decision_can_be_taken_back(owner: TestClient, version: dict[str, Any]) -> None:
    sid = claims(version["content"])[3]["id"]
    assert decide(owner, version, {"sentence_id": sid, "decision": "accepted"}).status_code == 204
    undo = owner.post(f"{API}/plans/{version['id']}/decisions/{sid}/undo")
    assert undo.status_code == 204
    entry = owner.get(f"{API}/plans/{version['id']}").json()["decisions"][sid]
    assert entry["decision"] is None
    again = {"sentence_id": sid, "decision": "accepted", "revision": entry["revision"]}
    assert decide(owner, version, again).status_code == 204
    twice = owner.post(f"{API}/plans/{version['id']}/decisions/s999999/undo")
    assert twice.status_code == 404


def test_another_agency_sees_nothing(app: App, version: dict[str, Any]) -> None:
    stranger = app.client(STRANGER)
    assert stranger.get(f"{API}/cases/{version['case_id']}").status_code == 404
    assert stranger.get(f"{API}/plans/{version['id']}").status_code == 404
    assert stranger.post(f"{API}/cases/{version['case_id']}/drafts").status_code == 404
    ids = {row["id"] for row in stranger.get(f"{API}/cases").json()["items"]}
    assert version["case_id"] not in ids


@pytest.mark.parametrize("login", ["admin", "researcher", "doctor.mdt"])
def test_roles_without_cases_see_none(app: App, version: dict[str, Any], login: str) -> None:
    client = app.client(login)
    seen = client.get(f"{API}/cases", params={"limit": 100}).json()["items"]
    assert version["case_id"] not in [c["id"] for c in seen]
    assert client.get(f"{API}/cases/{version['case_id']}").status_code == 404
    refused = client.post(f"{API}/cases", json={"narrative": STORY})
    assert refused.status_code == 403


def test_the_auditor_reads_and_changes_nothing(app: App, version: dict[str, Any]) -> None:
    auditor = app.client("auditor")
    assert auditor.get(f"{API}/cases/{version['case_id']}").status_code == 200
    sid = claims(version["content"])[0]["id"]
    assert decide(auditor, version, {"sentence_id": sid, "decision": "accepted"}).status_code == 403


def test_the_database_itself_hides_the_rows(app: App, version: dict[str, Any]) -> None:
    for actor in (Actor("x", "bpd", "social_worker_shelter"), Actor("x", "pmj", "administrator")):
        with app.wiring.database.session(actor) as session:
            for table in ("cases", "narratives", "plan_versions", "item_decisions", "audit_events"):
                column = "id" if table == "cases" else "case_id"
                ask = text(f"SELECT count(*) FROM {table} WHERE {column} = :c")  # noqa: S608
                assert session.scalar(ask, {"c": version["case_id"]}) == 0, table


def test_codes_are_accepted_removed_and_added(app: App, owner: TestClient) -> None:
    case = opened(owner)
    first = case["coding"]["codes"][0]["code"]
    path = f"{API}/cases/{case['id']}/codes"
    assert owner.post(path, json={"code": first, "decision": "removed"}).status_code == 204
    assert owner.post(path, json={"code": "DST-01", "decision": "added"}).status_code == 204
    unknown = owner.post(path, json={"code": "XXX-99", "decision": "added"})
    assert unknown.json()["code"] == "case.code_unknown"
    owner.post(f"{API}/cases/{case['id']}/drafts")
    app.work()
    run = owner.get(f"{API}/cases/{case['id']}").json()["latest_run"]
    content = owner.get(f"{API}/plans/{run['version_id']}").json()["content"]
    planned = {problem["code"] for problem in content["plan"]["problems"]}
    assert "DST-01" in planned
    assert first not in planned


def test_two_drafts_at_once_are_refused_and_one_can_be_stopped(app: App, owner: TestClient) -> None:
    case = opened(owner)
    run = owner.post(f"{API}/cases/{case['id']}/drafts").json()
    second = owner.post(f"{API}/cases/{case['id']}/drafts")
    assert (second.status_code, second.json()["code"]) == (409, "draft.running")
    stopped = owner.post(f"{API}/drafts/{run['id']}/cancel")
    assert stopped.json()["status"] == "cancelled"
    app.work()
    assert owner.get(f"{API}/drafts/{run['id']}").json()["status"] == "cancelled"
    assert owner.get(f"{API}/cases/{case['id']}").json()["versions"] == []


def test_progress_is_streamed_until_the_end(app: App, owner: TestClient) -> None:
    case = opened(owner)
    run = owner.post(f"{API}/cases/{case['id']}/drafts").json()
    app.work()
    with owner.stream("GET", f"{API}/drafts/{run['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        body = "".join(stream.iter_text())
    assert "event: done" in body


def test_the_audit_chain_finds_a_changed_row(app: App, owner: TestClient) -> None:
    version = drafted(app, owner)
    database = app.wiring.database
    pmj = Actor("x", "pmj", "auditor")
    with database.session(pmj) as session:
        assert audit.verify(session, version["case_id"]) is None
    with database.owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE audit_events SET subject = 'x' WHERE case_id = :c AND seq = 2"),
            {"c": version["case_id"]},
        )
    with database.session(pmj) as session:
        broken = audit.verify(session, version["case_id"])
    assert broken is not None
    assert broken.seq == 2


def test_a_tampered_version_is_never_approved(app: App, owner: TestClient) -> None:
    version = drafted(app, owner)
    accept_all(owner, version)
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE plan_versions SET content = jsonb_set(content, '{urgency}', '\"routine\"')"
                " WHERE id = :v"
            ),
            {"v": version["id"]},
        )
    answer = approve(owner, version)
    assert (answer.status_code, answer.json()["code"]) == (409, "approval.other_content")


def test_where_two_people_are_needed_the_drafter_cannot_approve(app: App) -> None:
    prosecutor = app.client("anan.prosecutor")
    version = drafted(app, prosecutor)
    accept_all(prosecutor, version)
    answer = approve(prosecutor, version)
    assert (answer.status_code, answer.json()["code"]) == (403, "approval.two_people")
