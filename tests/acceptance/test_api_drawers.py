"""A person's drawer: kept, given back to them alone, emptied, forgotten when old."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cases.drawers import MOST
from tests.acceptance.application import App
from tests.acceptance.lifecycle import REGISTRATION
from tests.acceptance.test_api_main_day import API

WORDS = "เมื่อคืนเพื่อนบ้านได้ยินเสียงร้อง"


@pytest.fixture
def owner(app: App) -> TestClient:
    return app.client("kanda.subdistrict")


def drawer(client: TestClient) -> dict[str, str]:
    return {row["name"]: row["content"] for row in client.get(f"{API}/me/drawer").json()}


def keep(client: TestClient, name: str, content: str) -> int:
    return client.put(f"{API}/me/drawer/{name}", json={"content": content}).status_code


def test_words_are_kept_for_their_writer_alone(app: App, owner: TestClient) -> None:
    assert keep(owner, "intake", WORDS) == 204
    assert drawer(owner)["intake"] == WORDS
    assert keep(owner, "intake", WORDS + " อีก") == 204
    assert drawer(app.client("kanda.subdistrict"))["intake"] == WORDS + " อีก"
    for other in ("wichai.pmj", "admin", "auditor"):
        assert "intake" not in drawer(app.client(other))
    assert keep(owner, "intake", "") == 204
    assert "intake" not in drawer(owner)


def test_a_story_is_forgotten_after_a_month_and_choices_are_not(
    app: App, owner: TestClient
) -> None:
    keep(owner, "intake", WORDS)
    keep(owner, "numerals", "thai")
    with app.wiring.database.owner_engine.begin() as past:
        past.execute(text("UPDATE desk_drawers SET kept_at = now() - interval '31 days'"))
    assert drawer(owner) == {"numerals": "thai"}


def test_what_is_refused(app: App, owner: TestClient) -> None:
    assert keep(owner, "secrets", "x") == 422
    assert keep(owner, "intake", "ก" * 100_001) == 422
    assert TestClient(app.api).get(f"{API}/me/drawer").status_code == 401


def test_numbers_count_what_the_person_sees(app: App) -> None:
    worker = app.client("somying.pmj")
    story = {"narrative": "ยายเลี้ยงหลานสองคนลำพัง เงินไม่พอซื้อนมและค่ายา"}
    assert worker.post(f"{API}/cases", json=story).status_code == 201
    seen = worker.get(f"{API}/overview").json()
    assert (
        sum(row["cases"] for row in seen["caseload"]) == worker.get(f"{API}/cases").json()["total"]
    )
    assert seen["codes"]
    blind = app.client("researcher").get(f"{API}/overview").json()
    assert blind == {
        name: [] for name in ("steps", "caseload", "due", "codes", "agreement", "edits")
    }


def test_open_cases_are_counted_at_the_step_their_file_shows(app: App) -> None:
    owner = app.client("somying.pmj")

    def counted() -> dict[str, int]:
        rows = owner.get(f"{API}/caseload", params={"mine": True}).json()
        return {row["step"]: sum(row["urgencies"].values()) for row in rows}

    before = counted()
    story = {"narrative": "แม่เลี้ยงลูกสามคนลำพัง ไม่มีเงินซื้อข้าว"}
    case = owner.post(f"{API}/cases", json=story).json()["id"]
    assert counted() == before | {"intake": before["intake"] + 1}
    entry = {"kind": "registration", "content": REGISTRATION | {"case_type": "other"}}
    assert owner.post(f"{API}/cases/{case}/entries", json=entry).is_success
    standing = owner.get(f"{API}/cases/{case}/steps").json()["current"]
    assert standing == "screening"
    assert counted() == before | {"screening": before["screening"] + 1}
    assert app.client("researcher").get(f"{API}/caseload").json() == []


def test_a_field_being_written_is_kept_and_a_form_is_emptied_at_once(
    app: App, owner: TestClient
) -> None:
    for name in ("written-entry-c1-visit-needs", "written-entry-c1-visit-risk", "written-letter"):
        assert keep(owner, name, WORDS) == 204
    assert owner.delete(f"{API}/me/drawer/written-entry-c1-visit-").status_code == 204
    assert [name for name in drawer(owner) if name.startswith("written-")] == ["written-letter"]
    with app.wiring.database.owner_engine.begin() as past:
        past.execute(text("UPDATE desk_drawers SET kept_at = now() - interval '31 days'"))
    assert "written-letter" not in drawer(owner)
    assert owner.delete(f"{API}/me/drawer/intake").status_code == 422
    assert keep(owner, "written-../x", "x") in (404, 422)


def test_a_window_left_open_fills_nobody_elses_drawer(app: App, owner: TestClient) -> None:
    writer = owner.get(f"{API}/me").json()["id"]
    body = {"content": WORDS, "writer": writer}
    next_one = app.client("wichai.pmj")
    answer = next_one.put(f"{API}/me/drawer/written-letter", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "drawer.foreign")
    assert "written-letter" not in drawer(next_one)
    assert owner.put(f"{API}/me/drawer/written-letter", json=body).status_code == 204
    assert keep(owner, "written-letter", "") == 204


def test_the_oldest_of_very_many_fields_makes_room(owner: TestClient) -> None:
    for number in range(MOST + 2):
        keep(owner, f"written-many-{number}", "x")
    kept = [name for name in drawer(owner) if name.startswith("written-many-")]
    assert len(kept) == MOST
    assert "written-many-0" not in kept
    assert owner.delete(f"{API}/me/drawer/written-many-").status_code == 204
