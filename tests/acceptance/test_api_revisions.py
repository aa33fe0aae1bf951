"""Versions over HTTP: their difference, the client's papers as data and to print, changed law."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App
from tests.acceptance.lifecycle import consent, get, post, refer, tomorrow
from tests.acceptance.test_api_main_day import (
    API,
    COLLEAGUE,
    OWNER,
    STRANGER,
    claims,
    decide,
    drafted,
)

EVIL = "<script>alert(1)</script> นัดพบพรุ่งนี้"


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return app.client(OWNER)


@pytest.fixture(scope="module")
def first(app: App, client: TestClient) -> dict[str, Any]:
    return drafted(app, client)


@pytest.fixture(scope="module")
def second(app: App, client: TestClient, first: dict[str, Any]) -> dict[str, Any]:
    """A new draft that keeps an edit of the first."""
    goal = first["content"]["plan"]["problems"][0]["goals"][0]["sentence"]["id"]
    edit = {"sentence_id": goal, "decision": "edited", "text": EVIL, "reason": "ตกลงกัน"}
    assert decide(client, first, edit).status_code == 204
    case = f"{API}/cases/{first['case_id']}"
    asked = client.post(f"{case}/drafts", json={"carry_from": first["id"]})
    assert asked.status_code == 202, asked.text
    app.work()
    latest = client.get(case).json()["latest_run"]
    version: dict[str, Any] = client.get(f"{API}/plans/{latest['version_id']}").json()
    return version


def test_the_difference_of_two_versions_is_told(
    client: TestClient, first: dict[str, Any], second: dict[str, Any]
) -> None:
    where = f"{API}/cases/{first['case_id']}/diff"
    told = client.get(where, params={"from": first["id"], "to": second["id"]}).json()
    assert (told["old"]["number"], told["new"]["number"]) == (1, 2)
    assert any(r["new"] and r["new"]["edited"] == EVIL for r in told["rows"])
    assert client.get(where).json() == told
    assert client.get(where, params={"from": first["id"], "to": "nothing"}).status_code == 404
    bad = client.post(
        f"{API}/cases/{first['case_id']}/drafts", json={"carry_from": first["id"], "x": 1}
    )
    assert bad.status_code == 422


def test_papers_come_as_data_and_to_print(
    app: App, client: TestClient, second: dict[str, Any]
) -> None:
    where = f"{API}/plans/{second['id']}/sheets"
    papers = client.get(where).json()
    assert papers["client"]["parts"]
    assert papers["safety"]["readability"]["terms"] == 0
    for paper in ("client", "safety"):
        page = client.get(f"{where}/{paper}")
        assert page.headers["content-type"].startswith("text/html")
        assert papers[paper]["title"] in page.text
        assert "<script" not in page.text
    assert client.get(f"{where}/secret").status_code == 422
    assert app.client(COLLEAGUE).get(where).status_code == 200
    for paper in ("", "/client"):
        assert app.client(STRANGER).get(f"{where}{paper}").status_code == 404


def test_law_that_did_not_change_asks_for_nothing(
    app: App, client: TestClient, second: dict[str, Any]
) -> None:
    told = client.get(f"{API}/plans/{second['id']}/law-changes").json()
    assert (told["changed"], told["affected"]) == ([], [])
    assert app.client(STRANGER).get(f"{API}/plans/{second['id']}/law-changes").status_code == 404


def test_the_stream_of_a_run_carries_parts_and_ends(
    client: TestClient, second: dict[str, Any]
) -> None:
    case = client.get(f"{API}/cases/{second['case_id']}").json()
    with client.stream("GET", f"{API}/drafts/{case['latest_run']['id']}/events") as events:
        told = "".join(events.iter_text())
    assert "event: done" in told
    assert '"parts":{}' in told


def test_whoever_reads_no_plan_gets_none_of_it_by_another_way(
    app: App, client: TestClient, second: dict[str, Any]
) -> None:
    """The letter opens the plan's part of the case; a school's eyes do not read it."""
    letter = {"to": "school", "purpose": "protection", "asked": "ดูแลเด็กที่โรงเรียน"}
    case, teacher = second["case_id"], app.client("teacher.school")
    sent = refer(client, case, letter, consent(client, case, letter))
    post(teacher, f"/referrals/{sent['id']}/accept", {}, 200)
    assert get(teacher, f"/plans/{second['id']}")["content"]["plan"] is None
    plan = f"/plans/{second['id']}"
    for closed in (f"/cases/{case}/diff", f"{plan}/sheets", f"{plan}/law-changes"):
        assert get(teacher, closed, 403)["code"] == "access.forbidden"
    get(teacher, f"{plan}/sheets/safety", 403)
    assert "flag_decisions" in teacher.get(f"{API}/cases/{case}").headers["X-Withheld"]
    post(client, f"/referrals/{sent['id']}/revoke", {"reason_code": "no_longer_needed"}, 200)


def test_a_comparison_leaves_out_what_a_profession_does_not_read(
    app: App, client: TestClient, second: dict[str, Any]
) -> None:
    people = {p["login"]: p["id"] for p in get(client, "/directory")}
    wanted = {"meets_at": tomorrow(), "members": [people["teacher.school"]]}
    post(client, f"/cases/{second['case_id']}/conferences", wanted)
    where = f"/cases/{second['case_id']}/diff"
    judged = {s["id"] for s in claims(second["content"]["assessment"])}
    for login, sees in ((OWNER, True), ("teacher.school", False)):
        told = get(app.client(login), where)
        shown = {row["new"]["id"] for row in told["rows"] if row["new"]}
        assert shown
        assert bool(shown & judged) is sees
        assert sum(told["counts"].values()) == len(told["rows"])


def test_reading_papers_and_versions_is_in_the_trail(
    app: App, client: TestClient, second: dict[str, Any]
) -> None:
    supervisor = app.client(COLLEAGUE)
    who = get(supervisor, "/me")["id"]
    get(supervisor, f"/cases/{second['case_id']}/diff")
    trail = get(client, f"/cases/{second['case_id']}/trail")["events"]
    read = [e for e in trail if e["action"] == "plan_read" and e["actor_id"] == who]
    assert len({e["subject"] for e in read}) == 2
