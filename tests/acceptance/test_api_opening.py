"""A story sent again after a broken connection opens one case, whoever is slow and whoever dies."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App

CASES = "/api/v1/cases"
STORY = {"narrative": "แม่บอกว่าพ่อตบหน้าลูกเมื่อคืน ตอนนี้ลูกอยู่กับยาย", "title": "ครอบครัวท้ายตลาด"}


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return app.client("somying.pmj")


def sent(client: TestClient, key: str, **other: Any) -> httpx.Response:
    return client.post(CASES, json=STORY | other, headers={"Idempotency-Key": key})


def total(client: TestClient) -> int:
    return int(client.get(CASES).json()["total"])


def test_the_same_story_under_the_same_key_is_one_case(client: TestClient) -> None:
    before, key = total(client), uuid.uuid4().hex
    first, second = sent(client, key), sent(client, key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert total(client) == before + 1
    trail = client.get(f"{CASES}/{first.json()['id']}/trail").json()
    actions = [event["action"] for event in trail["events"]]
    assert actions.count("case_opened") == 1


def test_sent_at_once_by_an_impatient_hand_it_is_one_case(app: App, client: TestClient) -> None:
    before, key = total(client), uuid.uuid4().hex
    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda _: sent(app.client("somying.pmj"), key), range(4)))
    assert [a.status_code for a in answers] == [201] * 4
    assert len({a.json()["id"] for a in answers}) == 1
    assert total(client) == before + 1


def test_another_story_under_the_same_key_is_refused(client: TestClient) -> None:
    key = uuid.uuid4().hex
    sent(client, key)
    other = sent(client, key, narrative="เรื่องอื่น")
    assert (other.status_code, other.json()["code"]) == (409, "case.key_reused")


def test_a_key_is_its_makers_own_and_needs_some_length(app: App, client: TestClient) -> None:
    key = uuid.uuid4().hex
    mine, theirs = sent(client, key), sent(app.client("malee.bpd"), key)
    assert mine.json()["id"] != theirs.json()["id"]
    assert sent(client, "short").status_code == 422


def test_a_refused_story_takes_no_key(client: TestClient) -> None:
    key = uuid.uuid4().hex
    assert sent(client, key, narrative=" ").status_code == 422
    assert sent(client, key).status_code == 201


def test_without_a_key_every_sending_is_a_case(client: TestClient) -> None:
    before = total(client)
    for _ in range(2):
        assert client.post(CASES, json=STORY).status_code == 201
    assert total(client) == before + 2
