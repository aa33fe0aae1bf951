"""Whoever a case is opened to changes what their own agency added, and nothing of the owner's."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App
from tests.acceptance.lifecycle import (
    VISIT,
    Office,
    consent,
    drafted,
    entry,
    get,
    post,
    refer,
    review,
    tomorrow,
)
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_casework import OWNER, assessed
from tests.acceptance.test_api_main_day import API
from ui.words import say

SHELTER, POLICE, DOCTOR = "malee.bpd", "somsak.police", "doctor.mdt"
LETTERS = {SHELTER: ("bpd", "protection"), POLICE: ("police", "complaint")}
COURT = {"court": "ศาลเยาวชนและครอบครัว", "at": tomorrow(9), "matter": "ไต่สวนคำร้อง"}


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture(scope="module")
def case(office: Office) -> dict[str, Any]:
    """Planned, opened to a shelter, the police and a doctor; a visit found danger."""
    owner = office[OWNER]
    made = assessed(office)
    version = drafted(office, owner, made["id"])
    review(owner, version)
    approval = {"content_hash": version["content_hash"]}
    post(owner, f"/plans/{version['id']}/approve", approval, 200)
    for login, (agency, purpose) in LETTERS.items():
        letter = {"to": agency, "purpose": purpose, "asked": "ช่วยดูแล"}
        sent = refer(owner, made["id"], letter, consent(owner, made["id"], letter))
        post(office[login], f"/referrals/{sent['id']}/accept", {}, 200)
    people = {p["login"]: p["id"] for p in get(owner, "/directory")}
    meeting = {"meets_at": tomorrow(), "members": [people[DOCTOR]], "questions": ["ใครไปเยี่ยม"]}
    post(owner, f"/cases/{made['id']}/conferences", meeting)
    entry(owner, made["id"], "visit", VISIT | {"safe": False})
    entry(owner, made["id"], "court_date", COURT)
    return made


def limits(client: TestClient, case: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    """Limits of the case with these values, as this person reads them."""
    found = get(client, f"/cases/{case['id']}/deadlines")
    return [d for d in found if wanted.items() <= d.items()]


@pytest.mark.parametrize("login", [SHELTER, POLICE, DOCTOR])
def test_nobody_else_ends_what_the_owner_set(
    office: Office, case: dict[str, Any], login: str
) -> None:
    others, owner = office[login], office[OWNER]
    open_ones = limits(owner, case, status="open")
    assert {"unsafe", "court_date", "visit", "reassessment"} <= {d["kind"] for d in open_ones}
    assert all(d["may_end"] for d in open_ones)
    assert limits(others, case, may_end=True) == []
    listed = get(others, "/deadlines?days=400")["items"]
    assert [d for d in listed if d["case_id"] == case["id"] and d["may_end"]] == []
    code = "deadline.theirs" if login != DOCTOR else "access.forbidden"
    for limit in open_ones:
        for body in ({"status": "done"}, {"status": "cancelled", "reason": "x"}):
            refused = post(others, f"/deadlines/{limit['id']}/end", body, 403)
            assert refused["code"] == code
        later = {"due": tomorrow(399), "reason": "x"}
        post(others, f"/deadlines/{limit['id']}/extension", later, 403)
    assert limits(owner, case, status="open") == open_ones
    waiting = {d["id"] for d in get(owner, "/alerts")["deadlines"]}
    assert {d["id"] for d in open_ones if d["danger"]} <= waiting


def test_a_visit_answers_the_visit_and_what_it_starts_is_its_agencys(
    office: Office, case: dict[str, Any]
) -> None:
    shelter, owner = office[SHELTER], office[OWNER]
    (asked,) = limits(owner, case, kind="visit", status="open")
    danger = limits(owner, case, kind="unsafe", status="open")
    entry(shelter, case["id"], "visit", VISIT | {"safe": False})
    (answered,) = limits(owner, case, id=asked["id"])
    assert (answered["status"], answered["done_name"]) == ("done", get(shelter, "/me")["name"])
    both = limits(owner, case, kind="unsafe", status="open")
    assert len(both) == 2
    assert danger[0] in both
    assert limits(shelter, case, kind="unsafe", may_end=True) == []
    (own,) = limits(shelter, case, may_end=True)
    assert (own["kind"], own["agency_id"]) == ("visit", "bpd")
    silent = post(shelter, f"/deadlines/{own['id']}/end", {"status": "cancelled"}, 422)
    assert silent["code"] == "deadline.reason"
    told = {"status": "cancelled", "reason": "เจ้าตัวย้ายไปอยู่บ้านพักแล้ว"}
    post(shelter, f"/deadlines/{own['id']}/end", told, 204)
    (gone,) = limits(owner, case, id=own["id"])
    assert (gone["status"], gone["reason"]) == ("cancelled", told["reason"])
    assert limits(office[POLICE], case, id=own["id"])[0]["reason"] is None


def test_a_document_of_the_owner_is_received_and_not_withdrawn_or_replaced(
    office: Office, case: dict[str, Any]
) -> None:
    owner, shelter = office[OWNER], office[SHELTER]
    paper = post(owner, f"/cases/{case['id']}/documents", {"type_id": "doc:1"})
    at = f"/document-versions/{paper['versions'][0]['id']}/acts"
    away = post(shelter, at, {"act": "withdrawn", "note": "ผิด"}, 403)
    assert away["code"] == "document.theirs"
    place = {"case_id": case["id"], "type_id": "doc:1", "document_id": paper["id"]}
    sent = {"file": ("x.png", b"\x89PNG\r\n\x1a\n")}
    over = shelter.post(f"{API}/documents", params=place, files=sent)
    assert (over.status_code, over.json()["code"]) == (403, "document.theirs")
    assert post(shelter, at, {"act": "received"})["state"] == paper["state"]
    place.pop("document_id")
    own = shelter.post(f"{API}/documents", params=place, files=sent).json()
    assert own["may_change"]
    at = f"/document-versions/{own['versions'][0]['id']}/acts"
    assert post(shelter, at, {"act": "withdrawn", "note": "แนบผิด"})["state"] == "withdrawn"


def test_the_case_page_asks_why_and_the_timeline_remembers(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    """The page of whom the limits are not asks nothing of them."""
    act, keep = say("deadlines.act", "th"), say("deadlines.keep", "th")
    shelter = on_part(pages, SHELTER, case, "steps")
    assert act not in {b.label for b in shelter.button}
    (danger, _) = limits(office[OWNER], case, kind="unsafe", status="open")
    drawn = on_part(pages, OWNER, case, "steps")
    drawn.button(key=f"deadline-{danger['id']}").click().run()
    assert say("deadlines.danger", "th") in words(drawn)
    drawn.button_group(key=f"deadline-act-{danger['id']}").set_value("cancelled").run()
    assert next(b for b in drawn.button if b.label == keep).disabled
    why = drawn.text_area(key=f"deadline-reason-cancelled-{danger['id']}")
    why.set_value("ตรวจสอบแล้ว เจ้าตัวอยู่กับญาติ").run()
    drawn.button(key=f"deadline-keep-{danger['id']}").click().run()
    assert not drawn.error
    (ended,) = limits(office[OWNER], case, id=danger["id"])
    assert (ended["status"], ended["reason"]) == ("cancelled", "ตรวจสอบแล้ว เจ้าตัวอยู่กับญาติ")
    line = words(on_part(pages, OWNER, case, "timeline"))
    for told in (say("deadline.cancelled", "th"), ended["reason"], ended["done_name"]):
        assert told in line


def on_part(pages: Pages, login: str, case: dict[str, Any], part: str) -> Any:
    """The case's page with one of its parts open, drawn without a fault."""
    drawn = pages.draw("case_file", login, case=case["id"])
    drawn.session_state[f"parts-{case['id']}-th"] = say(f"case.{part}", "th")
    drawn.run()
    assert not drawn.exception
    assert not drawn.error
    return drawn
