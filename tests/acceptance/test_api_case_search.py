"""Cases are found by their people, however what is typed is spelled; and an intake sees doubles."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App

CASES = "/api/v1/cases"
ID, PHONE = "1103700012344", "089-765-1122"
WHO = {
    "title": "นางสาว",
    "given_name": "กรรณิการ์",
    "family_name": "มณีโชติ",
    "citizen_id": ID,
    "phones": [PHONE],
}
STORY = "เพื่อนบ้านแจ้งว่าเด็กในห้องเช่าท้ายซอยขาดเรียนมาสามสัปดาห์ ไม่มีใครอยู่ดูแล"


def valid_id(first: str) -> str:
    """Twelve digits with the one that checks them."""
    total = sum((13 - place) * int(digit) for place, digit in enumerate(first))
    return f"{first}{(11 - total % 11) % 10}"


WHO["citizen_id"] = ID = valid_id("110370001234")


@pytest.fixture(scope="module")
def worker(app: App) -> TestClient:
    """A case manager of the provincial office."""
    return app.client("somying.pmj")


@pytest.fixture(scope="module")
def known(worker: TestClient) -> dict[str, Any]:
    """A case whose people were written down under People, and nowhere in its story."""
    title = "บ้านน\u0e4d\u0e49าท่วม  ท้ายซอย\u200b ๓"
    opened = worker.post(CASES, json={"narrative": STORY, "title": title})
    case: dict[str, Any] = opened.json()
    added = worker.post(f"{CASES}/{case['id']}/persons", json={"role": "client", "identity": WHO})
    reporter = {"given_name": "ปาริชาติ", "family_name": "คำเงินยวง", "phones": ["0811112233"]}
    worker.post(f"{CASES}/{case['id']}/persons", json={"role": "reporter", "identity": reporter})
    return case | {"person": added.json()["id"]}


def matched(client: TestClient, words: str, case_id: str) -> list[str] | None:
    """By what a case was found; None where it was not."""
    found = client.post(f"{CASES}/search", json={"words": words, "limit": 200})
    assert found.status_code == 200
    listed = client.get(CASES, params={"q": words, "limit": 200})
    assert listed.json() == found.json()
    return next((c["matched"] for c in found.json()["items"] if c["id"] == case_id), None)


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("กรรณิการ์", "name"),
        ("มณีโชติ", "name"),
        ("กรรณิการ์  มณีโชติ", "name"),
        ("มณีโชติ กรรณิการ์", "name"),
        ("น.ส.กรรนิการ์ มณีโชติ", "name"),
        (ID, "citizen_id"),
        (f"{ID[0]}-{ID[1:5]}-{ID[5:10]}-{ID[10:12]}-{ID[12]}", "citizen_id"),
        (ID.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")), "citizen_id"),
        ("0897651122", "phone"),
        ("089 765 1122", "phone"),
        ("+66 89 765 1122", "phone"),
        ("ขาด  เรียน", "story"),
        ("ขาด\u200bเรียน", "story"),
        ("บ้านน้ำท่วม ท้ายซอย", "title"),
        ("ซอย 3", "story"),
    ],
)
def test_a_case_is_found_by(worker: TestClient, known: dict[str, Any], words: str, by: str) -> None:
    assert by in (matched(worker, words, known["id"]) or [])


def test_others_find_nobody(app: App, worker: TestClient, known: dict[str, Any]) -> None:
    for login in ("malee.bpd", "researcher", "admin"):
        for words in ("กรรณิการ์ มณีโชติ", ID, PHONE, "ปาริชาติ คำเงินยวง"):
            assert matched(app.client(login), words, known["id"]) is None, (login, words)
    assert matched(worker, "ปาริชาติ คำเงินยวง", known["id"]) == ["name"]
    trail = worker.get(f"{CASES}/{known['id']}/trail").json()["events"]
    assert known["person"] in {e["subject"] for e in trail if e["action"] == "person_found"}


def test_whoever_serves_a_case_finds_it_by_what_they_read(
    app: App, worker: TestClient, known: dict[str, Any]
) -> None:
    """By the client, by nobody's word of the reporter, and no longer once it is taken back."""
    letter = {"to_agency": "bpd", "purpose": "protection", "requested": "ที่พักคืนนี้"}
    basis = {"basis": "life_at_risk", "basis_reason": "อยู่ลำพังคืนนี้"}
    sent = worker.post(f"{CASES}/{known['id']}/referrals", json=letter | basis).json()
    shelter = app.client("malee.bpd")
    assert shelter.post(f"/api/v1/referrals/{sent['id']}/accept", json={}).status_code == 200
    assert matched(shelter, "กรรณิการ์ มณีโชติ", known["id"]) == ["name"]
    assert matched(shelter, ID, known["id"]) == ["citizen_id"]
    for words in ("ปาริชาติ คำเงินยวง", "ปาริชาติ", "0811112233"):
        assert matched(shelter, words, known["id"]) is None
    told = {"narrative": f"{STORY} แม่ชื่อนางปาริชาติ คำเงินยวง โทร 0811112233"}
    assert shelter.post(f"{CASES}/duplicates", json=told).json()["cases"] == []
    taken = {"reason_code": "other", "comment": "ส่งผิดหน่วย"}
    back = worker.post(f"/api/v1/referrals/{sent['id']}/revoke", json=taken)
    assert back.status_code == 200, back.text
    assert matched(shelter, ID, known["id"]) is None


def test_an_intake_is_shown_what_it_may_be(worker: TestClient, known: dict[str, Any]) -> None:
    story = f"{STORY} แม่ของเด็กชื่อ น.ส.กรรนิการ์ มณีโชติ โทร {PHONE} ออกจากบ้านไปแล้ว"
    shown = worker.post(f"{CASES}/duplicates", json={"narrative": story}).json()
    (case,) = [c for c in shown["cases"] if c["id"] == known["id"]]
    (person,) = case["persons"]
    assert (person["person_id"], person["parts"]) == (known["person"], ["client"])
    assert {"same_name", "family_alike", "same_phone"} <= {r["code"] for r in person["reasons"]}
    assert case["band"] == "almost_certain"
    looked = {"check_id": shown["check_id"], "not_same": [known["id"], "another"]}
    opened = worker.post(CASES, json={"narrative": story, "looked": looked})
    assert opened.status_code == 201
    events = worker.get(f"{CASES}/{opened.json()['id']}/trail").json()["events"]
    (kept,) = [e for e in events if e["action"] == "duplicate_dismissed"]
    assert kept["detail"]["not_same"] == [known["id"]]
    assert kept["subject"] == shown["check_id"]


@pytest.mark.parametrize(
    ("identity", "found"),
    [
        ({"citizen_id": ID}, True),
        ({"phones": ["0897651122"]}, True),
        ({"given_name": "กรรณิการ์"}, True),
        ({"given_name": "สุพรรษา", "family_name": "มณีโชติ"}, False),
    ],
)
def test_whoever_is_typed_is_looked_for(
    worker: TestClient, known: dict[str, Any], identity: dict[str, Any], found: bool
) -> None:
    shown = worker.post(f"{CASES}/duplicates", json={"identity": identity}).json()["cases"]
    assert (known["id"] in {c["id"] for c in shown}) == found


def test_of_another_agency_only_that_it_may_know_somebody(
    app: App, worker: TestClient, known: dict[str, Any]
) -> None:
    shelter = app.client("malee.bpd")
    shown = shelter.post(f"{CASES}/duplicates", json={"identity": {"citizen_id": ID}}).json()
    assert shown["cases"] == []
    (pmj,) = [one for one in shown["elsewhere"] if one["agency_id"] == "pmj"]
    assert set(pmj) == {"agency_id", "th", "en", "contacts"}
    assert pmj["contacts"]
    reporter = {"narrative": "ผู้แจ้งชื่อนางปาริชาติ คำเงินยวง โทร 0811112233"}
    assert shelter.post(f"{CASES}/duplicates", json=reporter).json()["elsewhere"] == []
    theirs = {"narrative": STORY, "looked": {"check_id": shown["check_id"]}}
    assert worker.post(CASES, json=theirs).status_code == 404
    own = shelter.post(CASES, json=theirs)
    assert own.status_code == 201
    events = shelter.get(f"{CASES}/{own.json()['id']}/trail").json()["events"]
    assert [e["detail"]["agencies"] for e in events if e["action"] == "duplicate_sought"] == [
        ["pmj"]
    ]


def test_a_wrong_number_and_an_empty_story(worker: TestClient) -> None:
    wrong = worker.post(f"{CASES}/duplicates", json={"identity": {"citizen_id": "123"}})
    assert wrong.status_code == 422
    nothing = worker.post(f"{CASES}/duplicates", json={"narrative": "เด็กขาดเรียน"}).json()
    assert nothing == {"check_id": None, "cases": [], "elsewhere": []}
