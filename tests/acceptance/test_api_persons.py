"""People of a case over HTTP: who is proposed, what is decided, who may erase."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App

STORY = (
    "ผู้แจ้งคือนางสมร ใจงามดี เป็นแม่ของผู้เสียหาย แจ้งว่าลูกสาวชื่อ น.ส.วารุณี ใจงามดี อายุ 25 ปี "
    "ถูกนายเดชา แข็งกล้า สามี ตบหน้าและบีบคอ ห้องเช่าค้างมาสองเดือน"
)
CASES, PERSONS = "/api/v1/cases", "/api/v1/persons"


@pytest.fixture(scope="module")
def worker(app: App) -> TestClient:
    """A case manager of the provincial office."""
    return app.client("somying.pmj")


@pytest.fixture(scope="module")
def case(worker: TestClient) -> str:
    """A case's address."""
    opened = worker.post(CASES, json={"narrative": STORY})
    assert opened.status_code == 201
    return f"{CASES}/{opened.json()['id']}"


def of_role(worker: TestClient, case: str, role: str) -> dict[str, Any]:
    """The first person of a case with a part."""
    found: list[dict[str, Any]] = worker.get(f"{case}/persons").json()["persons"]
    return next(p for p in found if any(r["role"] == role for r in p["roles"]))


def kept(worker: TestClient, case: str, kinship: str) -> list[dict[str, Any]]:
    """The ties of a case of one kinship."""
    found = worker.get(f"{case}/persons").json()["relations"]
    return [tie for tie in found if tie["kinship"] == kinship]


def test_a_person_is_proposed_corrected_and_confirmed(worker: TestClient, case: str) -> None:
    client = of_role(worker, case, "client")
    assert client["identity"]["given_name"] == "วารุณี"
    address = f"{case}/persons/{client['id']}"
    body = {"revision": client["revision"], "changes": {"phones": ["089-999-0000"]}}
    changed = worker.patch(address, json=body)
    assert changed.json()["identity"]["phones"] == ["0899990000"]
    assert worker.patch(address, json=body).status_code == 409
    wrong = {"revision": changed.json()["revision"], "changes": {"shoe_size": 40}}
    assert worker.patch(address, json=wrong).status_code == 422
    part = {"role": "client", "standing": "confirmed"}
    assert worker.post(f"{address}/parts", json=part).status_code == 204
    roles = worker.get(address).json()["roles"]
    assert [r["standing"] for r in roles if r["role"] == "client"] == ["confirmed"]


def test_a_tie_and_a_fact_are_decided(worker: TestClient, case: str) -> None:
    added = worker.post(
        f"{case}/persons", json={"role": "guardian", "identity": {"given_name": "มาลัย"}}
    )
    client = of_role(worker, case, "client")
    tie = {
        "person_id": added.json()["id"],
        "relative_id": client["id"],
        "kinship": "aunt",
        "lives_with": "yes",
    }
    assert worker.post(f"{case}/relations", json=tie).status_code == 204
    (made,) = kept(worker, case, "aunt")
    gone = worker.patch(f"{case}/relations/{made['id']}", json={"standing": "removed"})
    assert gone.status_code == 204
    worker.post(f"{case}/relations", json=tie | {"kinship": "relative"})
    (stands,) = kept(worker, case, "relative")
    again = {"standing": "confirmed", "kinship": "aunt", "lives_with": "no"}
    assert worker.patch(f"{case}/relations/{stands['id']}", json=again).status_code == 204
    assert [r["lives_with"] for r in kept(worker, case, "aunt")] == ["no"]
    assert kept(worker, case, "relative") == []
    decided = worker.put(f"{case}/facts/household_size", json={"decision": "corrected", "value": 4})
    assert decided.status_code == 204
    facts = {f["field"]: f for f in worker.get(f"{case}/facts").json()}
    assert (facts["household_size"]["value"], facts["household_size"]["standing"]) == (
        4,
        "corrected",
    )
    unknown = worker.put(f"{case}/facts/shoe_size", json={"decision": "removed"})
    assert unknown.status_code == 422


def test_a_double_is_found_and_judged(worker: TestClient, case: str) -> None:
    twin = {"given_name": "วารุนี", "family_name": "ใจงามดี"}
    added = worker.post(f"{case}/persons", json={"role": "other", "identity": twin}).json()["id"]
    client = of_role(worker, case, "client")
    found = worker.get(f"{PERSONS}/{added}/duplicates").json()
    (like,) = [c for c in found["candidates"] if c["person_id"] == client["id"]]
    assert like["reasons"][0]["th"]
    verdict = {"other_id": client["id"], "decision": "same"}
    assert worker.post(f"{PERSONS}/{added}/duplicates", json=verdict).status_code == 204
    searched = worker.post(f"{PERSONS}/search", json=twin).json()["items"]
    assert {added, client["id"]} <= {c["person_id"] for c in searched}


def test_export_hold_and_erasure(app: App, worker: TestClient, case: str) -> None:
    reporter = of_role(worker, case, "reporter")
    export = worker.get(f"{PERSONS}/{reporter['id']}/export").json()
    assert export["identity"]["given_name"] == "สมร"
    erasure = f"{PERSONS}/{reporter['id']}/erasure"
    assert worker.post(erasure).status_code == 403
    supervisor = app.client("wichai.pmj")
    assert worker.post(f"{case}/holds", json={"reason": "คดีอยู่ในศาล"}).status_code == 204
    assert supervisor.post(erasure).status_code == 409
    assert len(worker.get(f"{case}/holds").json()) == 1
    assert worker.delete(f"{case}/holds").status_code == 204
    report = supervisor.post(erasure).json()
    assert report["key_destroyed"]
    assert "สมร" not in worker.get(case).json()["narrative"]["text"]
    assert worker.get(f"{PERSONS}/{reporter['id']}/export").status_code == 409


def test_others_see_nothing(app: App, worker: TestClient, case: str) -> None:
    client = of_role(worker, case, "client")["id"]
    stranger = app.client("malee.bpd")
    assert stranger.get(f"{case}/persons").status_code == 404
    assert stranger.get(f"{PERSONS}/{client}/export").status_code == 404
    assert app.client().get(f"{case}/persons").status_code == 401
    assert worker.get(f"{case}/persons/none").status_code == 404
