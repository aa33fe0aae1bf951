"""More is told over HTTP: added once, told to who must know, refused to who may not."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, get, post
from tests.acceptance.test_api_main_day import API, opened

OWNER, BOSS = "somying.pmj", "wichai.pmj"
CALL = "เพื่อนบ้านโทรมาบอกว่าเมื่อคืนสามีกลับมา เอามีดจี้คอขู่จะฆ่า ตอนนี้ยังยืนอยู่หน้าบ้าน"
VISIT = "ไปเยี่ยมบ้านวันนี้ แม่บอกว่าค้างค่าเช่าสามเดือน เจ้าของบ้านให้ออกสิ้นเดือน"


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture
def case(office: Office) -> dict[str, Any]:
    return opened(office[OWNER])


def told(case: dict[str, Any], words: str, **more: Any) -> dict[str, Any]:
    return {"narrative": words, "base": case["narrative"]["id"]} | more


def test_an_addition_stands_under_its_day_and_in_the_line_of_the_case(
    office: Office, case: dict[str, Any]
) -> None:
    client, at = office[OWNER], f"/cases/{case['id']}"
    when = "2026-03-05T18:40:00+07:00"
    after = post(client, f"{at}/story", told(case, VISIT, source="เยี่ยมบ้าน", told_at=when))
    [added] = after["narrative"]["additions"]
    text = after["narrative"]["text"]
    assert text[: added["after"]] == case["narrative"]["text"]
    assert text[added["start"] : added["end"]] == VISIT
    assert "5 มีนาคม 2569" in text[added["after"] : added["start"]]
    assert (added["source"], added["by_agency"]) == ("เยี่ยมบ้าน", "pmj")
    line = [h for h in get(client, f"{at}/timeline") if h["what"] == "told"]
    assert {h["act"]: h["by_agency"] for h in line} == {"more": "pmj", None: None}
    trail = get(client, f"{at}/trail")
    assert trail["damage"] == []
    assert "story_added" in [e["action"] for e in trail["events"]]
    assert get(client, at)["narrative"] == after["narrative"]


def test_the_second_of_two_is_told_and_nothing_is_lost(
    office: Office, case: dict[str, Any]
) -> None:
    at = f"/cases/{case['id']}"
    post(office[BOSS], f"{at}/story", told(case, CALL))
    refused = office[OWNER].post(f"{API}{at}/story", json=told(case, VISIT))
    assert (refused.status_code, refused.json()["code"]) == (409, "case.story_changed")
    assert "ข้อความของท่านยังอยู่ครบ" in refused.json()["message_th"]
    newest = get(office[OWNER], at)
    assert VISIT not in newest["narrative"]["text"]
    after = post(office[OWNER], f"{at}/story", told(newest, VISIT))
    text = after["narrative"]["text"]
    assert [text[a["start"] : a["end"]] for a in after["narrative"]["additions"]] == [CALL, VISIT]


def test_sent_again_after_a_broken_line_it_is_added_once(
    office: Office, case: dict[str, Any]
) -> None:
    client, where = office[OWNER], f"{API}/cases/{case['id']}/story"
    key = {"Idempotency-Key": "one-form-sent-twice"}
    answers = [client.post(where, json=told(case, CALL), headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert len(answers[1].json()["narrative"]["additions"]) == 1
    other = client.post(where, json=told(case, VISIT), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "case.key_reused")


@pytest.mark.parametrize(
    ("words", "code"),
    [("  ", "narrative.empty"), ("No Thai at all", "narrative.not_thai")],
)
def test_what_is_no_story_is_refused_as_at_intake(
    office: Office, case: dict[str, Any], words: str, code: str
) -> None:
    where = f"{API}/cases/{case['id']}/story"
    refused = office[OWNER].post(where, json=told(case, words))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    late = office[OWNER].post(where, json=told(case, VISIT, told_at="2999-01-01T00:00:00+07:00"))
    assert late.json()["code"] == "case.received_at"


def test_other_agencies_add_nothing(office: Office, case: dict[str, Any]) -> None:
    for login in ("malee.bpd", "researcher"):
        client: TestClient = office[login]
        answer = client.post(f"{API}/cases/{case['id']}/story", json=told(case, VISIT))
        assert answer.status_code in (403, 404), login
