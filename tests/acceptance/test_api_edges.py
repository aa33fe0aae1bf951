"""The edges of the API: odd bytes, large bodies, filters, passwords, edits and the trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from starlette.testclient import TestClient

from runtime.clock import now
from tests.acceptance.application import PASSWORD, App
from tests.acceptance.test_api_main_day import STORY, claims, decide, drafted, opened

API = "/api/v1"
NEW_PASSWORD = "รหัสผ่านใหม่ที่ยาวพอ-2569"


@pytest.fixture(scope="module")
def owner(app: App) -> TestClient:
    return app.client("somying.pmj")


@pytest.fixture(scope="module")
def version(app: App, owner: TestClient) -> dict[str, Any]:
    return drafted(app, owner)


def refused(answer: Any, status: int, code: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert body["message_th"]
    assert body["message_en"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cases/%00"),
        ("GET", "/plans/a%00b"),
        ("POST", "/drafts/%00/cancel"),
        ("GET", "/cases?q=%00"),
        ("GET", "/search?q=a%00"),
    ],
)
def test_a_nul_in_an_address(owner: TestClient, method: str, path: str) -> None:
    refused(owner.request(method, API + path), 422, "input.bad")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/cases", {"narrative": STORY, "title": "ก\0"}),
        ("POST", "/cases", {"narrative": STORY, "source": "ก\0"}),
        ("POST", "/cases", {"narrative": STORY, "title": "ก" * 121}),
        ("POST", "/cases", {"narrative": STORY, "received_at": "วันนี้"}),
        ("POST", "/login", {"login": "a\0", "password": "b"}),
        ("PUT", "/me/language", {"language": "fr"}),
        ("PUT", "/me/password", {"old": "a"}),
        ("POST", "/schemes", {"facts": []}),
        ("POST", "/plans/x/approve", {"content_hash": "short"}),
        ("POST", "/plans/x/decisions", {"decisions": []}),
        ("POST", "/plans/x/decisions", {"decisions": [{"sentence_id": "s1", "decision": "maybe"}]}),
    ],
)
def test_fields_that_do_not_fit(
    owner: TestClient, method: str, path: str, body: dict[str, Any]
) -> None:
    refused(owner.request(method, API + path, json=body), 422, "input.fields")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"\\ud800"', b"\xff\xfe"])
def test_a_body_that_is_no_object(owner: TestClient, body: bytes) -> None:
    answer = owner.post(f"{API}/cases", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("input.fields", "input.bad")


@pytest.mark.parametrize(
    "path", ["/cases/none", "/plans/none", "/drafts/none", "/cases/none/trail"]
)
def test_what_is_not_there_looks_like_what_is_hidden(
    app: App, owner: TestClient, version: dict[str, Any], path: str
) -> None:
    absent = owner.get(API + path)
    refused(absent, 404, "case.unseen")
    stranger = app.client("malee.bpd")
    hidden = path.replace("/cases/none", f"/cases/{version['case_id']}").replace(
        "/plans/none", f"/plans/{version['id']}"
    )
    assert stranger.get(API + hidden).json() == absent.json()


def test_a_body_without_a_length_is_cut_off_too(owner: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * 65536

    answer = owner.post(
        f"{API}/cases", content=endless(), headers={"Content-Type": "application/json"}
    )
    refused(answer, 413, "input.too_large")


@pytest.mark.parametrize(
    "when", ["1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
def test_a_day_no_story_was_received_on(owner: TestClient, when: str) -> None:
    answer = owner.post(f"{API}/cases", json={"narrative": STORY, "received_at": when})
    refused(answer, 422, "case.received_at")


def test_a_time_without_a_zone_is_thai(owner: TestClient) -> None:
    body = {"narrative": STORY, "received_at": "2026-01-02T08:00:00"}
    case = owner.post(f"{API}/cases", json=body).json()
    assert case["received_at"].startswith("2026-01-02T01:00:00")
    soon = (now() + timedelta(hours=3)).isoformat()
    assert (
        owner.post(f"{API}/cases", json={"narrative": STORY, "received_at": soon}).status_code
        == 201
    )


def test_cases_are_filtered_and_paged(owner: TestClient) -> None:
    name = "แฟ้มที่หาเจอ 100%_"
    case = owner.post(f"{API}/cases", json={"narrative": STORY, "title": name}).json()

    def found(**query: Any) -> list[str]:
        return [row["id"] for row in owner.get(f"{API}/cases", params=query).json()["items"]]

    assert found(q="หาเจอ 100%_") == [case["id"]]
    assert found(q=case["number"]) == [case["id"]]
    assert found(q="หาเจอ", status="new", urgency=case["urgency"]) == [case["id"]]
    assert found(q="หาเจอ", status="closed") == []
    assert found(q="' OR true --") == []
    everything = owner.get(f"{API}/cases", params={"limit": 1}).json()
    assert (len(everything["items"]), everything["total"] > 1) == (1, True)
    refused(owner.get(f"{API}/cases", params={"urgency": "soon"}), 422, "input.fields")
    refused(owner.get(f"{API}/cases", params={"limit": 0}), 422, "input.fields")


def test_a_password_is_changed_and_ends_other_sessions(app: App) -> None:
    here, there = app.client("anan.prosecutor"), app.client("anan.prosecutor")

    def change(old: str, new: str) -> Any:
        return here.put(f"{API}/me/password", json={"old": old, "new": new})

    refused(change(PASSWORD, "short"), 422, "password.weak")
    refused(change(PASSWORD, PASSWORD), 422, "password.weak")
    refused(change("not it", NEW_PASSWORD), 422, "password.wrong")
    assert change(PASSWORD, NEW_PASSWORD).status_code == 204
    try:
        assert here.get(f"{API}/me").status_code == 200
        assert there.get(f"{API}/me").status_code == 401
        login = {"login": "anan.prosecutor", "password": PASSWORD}
        refused(app.client().post(f"{API}/login", json=login), 401, "login.refused")
    finally:
        assert change(NEW_PASSWORD, PASSWORD).status_code == 204


def test_an_edit_is_checked_against_its_ground_and_carries_a_name(
    owner: TestClient, version: dict[str, Any]
) -> None:
    first, second = claims(version["content"])[:2]
    edits = [
        {"decision": "edited", "reason": "แก้ให้ตรง", "sentence_id": s["id"], "text": words}
        for s, words in (
            (first, "นัดพบผู้รับบริการอีกครั้ง"),
            (second, "ผู้รับบริการมีสิทธิได้เงิน 987,654 บาท"),
        )
    ]
    assert decide(owner, version, *edits).status_code == 204
    now_decided = owner.get(f"{API}/plans/{version['id']}").json()
    kept, marked = (now_decided["decisions"][s["id"]] for s in (first, second))
    assert kept["flags"] == []
    assert [f["code"] for f in marked["flags"]] == ["grounding.number"]
    assert marked["by_name"] == "สมหญิง สาธิตดี"
    assert now_decided["content"] == version["content"]
    assert now_decided["intact"]


def test_taking_back_needs_the_newest_revision(
    app: App, owner: TestClient, version: dict[str, Any]
) -> None:
    sentence = claims(version["content"])[4]["id"]
    undo = f"{API}/plans/{version['id']}/decisions/{sentence}/undo"
    refused(owner.post(undo, json={}), 404, "review.sentence_unknown")
    accepted = {"sentence_id": sentence, "decision": "accepted"}
    assert decide(owner, version, accepted).status_code == 204
    colleague = app.client("wichai.pmj")
    struck = {"sentence_id": sentence, "decision": "struck", "reason": "ซ้ำ", "revision": 1}
    assert decide(colleague, version, struck).status_code == 204
    stale = owner.post(undo, json={"revision": 1})
    refused(stale, 409, "review.conflict")
    assert stale.json()["details"]["theirs"]["reason"] == "ซ้ำ"
    assert owner.post(undo, json={"revision": 2}).status_code == 204


def test_several_decisions_are_taken_all_or_none(
    owner: TestClient, version: dict[str, Any]
) -> None:
    sentence = claims(version["content"])[6]["id"]
    both = [{"sentence_id": i, "decision": "accepted"} for i in (sentence, "no-such")]
    refused(decide(owner, version, *both), 404, "review.sentence_unknown")
    assert sentence not in owner.get(f"{API}/plans/{version['id']}").json()["decisions"]


def test_the_trail_tells_who_did_what(app: App, owner: TestClient) -> None:
    case = opened(owner)
    app.client("wichai.pmj").get(f"{API}/cases/{case['id']}")
    trail = owner.get(f"{API}/cases/{case['id']}/trail").json()
    done = [(e["seq"], e["action"], e["by_name"]) for e in trail["events"]]
    assert done == [
        (1, "case_opened", "สมหญิง สาธิตดี"),
        (2, "persons_proposed", "สมหญิง สาธิตดี"),
        (3, "case_read", "สมหญิง สาธิตดี"),
        (4, "case_read", "วิชัย สาธิตดี"),
        (5, "trail_read", "สมหญิง สาธิตดี"),
    ]
    assert trail["damage"] == []
    assert STORY[:40] not in str(trail)


def test_a_draft_that_ended_cannot_be_stopped(owner: TestClient, version: dict[str, Any]) -> None:
    run = owner.get(f"{API}/cases/{version['case_id']}").json()["latest_run"]
    refused(owner.post(f"{API}/drafts/{run['id']}/cancel"), 409, "draft.ended")


@pytest.mark.parametrize("path", ["/login", f"{API}/health", f"{API}/me", f"{API}/nowhere"])
def test_every_answer_carries_the_safety_headers(app: App, path: str) -> None:
    headers = app.client().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    if path.startswith(API):
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "form", [{}, {"login": "", "password": ""}, {"login": '"><b>', "password": "x"}]
)
def test_the_form_comes_back_with_the_reason(app: App, form: dict[str, str]) -> None:
    answer = app.client().post("/login", data=form)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "<b>" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/case?case=abc&part=steps", "/case?case=abc&part=steps"),
        ("/knowledge?q=ใคร", "/knowledge?q=%E0%B9%83%E0%B8%84%E0%B8%A3"),
        ("/case?x=a%0D%0ASet-Cookie:b", "/case?x=a%0D%0ASet-Cookie%3Ab"),
        ("", "/"),
        ("/", "/"),
        ("https://elsewhere.example/case", "/"),
        ("//elsewhere.example/case", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("case", "/"),
        ("/api/v1/me", "/"),
        ("/logout", "/"),
        ("/away", "/"),
        ("http://[", "/"),
        ("/case/../away", "/"),
    ],
)
def test_a_sign_in_leads_back_to_a_page_of_ours_alone(app: App, to: str, leads: str) -> None:
    client = app.client()
    shown = client.get("/login", params={"to": to}).text
    assert f'name="to" value="{escape(leads)}"' in shown
    wrong = client.post("/login", data={"login": "somying.pmj", "password": "x", "to": to})
    assert f'name="to" value="{escape(leads)}"' in wrong.text
    form = {"login": "somying.pmj", "password": PASSWORD, "to": to}
    answer = client.post("/login", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, leads)


def test_a_made_up_scheme_of_authorization_does_not_open_the_door(app: App) -> None:
    client = app.client()
    client.post("/login", data={"login": "somying.pmj", "password": PASSWORD})
    headers = {"Origin": "https://elsewhere.example", "Authorization": "Basic eDp5"}
    refused(client.post(f"{API}/logout", headers=headers), 403, "access.foreign_origin")


def test_a_part_that_does_not_answer_shows_in_health(app: App) -> None:
    def broken() -> None:
        raise OSError

    services = app.api.state.services
    app.api.state.services = replace(services, pings={**services.pings, "voice": broken})
    try:
        answer = app.client().get(f"{API}/health")
    finally:
        app.api.state.services = services
    assert answer.status_code == 503
    parts = answer.json()["parts"]
    assert (parts["voice"], parts["database"]) == (False, True)
