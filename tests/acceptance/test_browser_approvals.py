"""What waits for a supervisor's word is read and decided; a case is opened in an emergency."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import (
    a_case,
    at_rest,
    drawer,
    fits,
    leave_field,
    listed,
    seated,
    signed,
)
from tests.acceptance.lifecycle import REGISTRATION, SCREENING
from tests.acceptance.test_browser_accessible import shaded
from tests.acceptance.test_browser_main_day import PHONE
from ui.words import say

pytestmark = pytest.mark.browser

SUPERVISOR = "wichai.pmj"
OWN_VIEW = "รับทราบ จะติดต่อหน่วยที่แนะนำ"
CLOSURE = {"reason": "screened_out", "own_view": OWN_VIEW, "risk_factors": "ไม่พบ"}
REASON = "ตำรวจอยู่หน้าบ้านกับเด็กที่บาดเจ็บ ต้องรู้ว่าใครดูแล"
TO_DECIDE = '[class*="st-key-approval-"] summary'


def told(http: httpx.Client, path: str, body: Any = None) -> Any:
    answer = http.post(path, json=body).raise_for_status()
    return answer.json() if answer.content else None


def to_close(http: httpx.Client, title: str) -> str:
    """A case outside the scope whose closure waits for its approval."""
    case_id = a_case(http, title)
    entries = {
        "registration": REGISTRATION | {"case_type": "other"},
        "screening": SCREENING | {"in_scope": False, "decision": "advise"},
        "closure_request": CLOSURE,
    }
    for kind, content in entries.items():
        made = told(http, f"/cases/{case_id}/entries", {"kind": kind, "content": content})
    told(http, f"/cases/{case_id}/closure", {"entry_id": made["id"]})
    return case_id


def opened(page: Page, office: Office, case_id: str, login: str = SUPERVISOR) -> None:
    seated(page, office, login)
    page.goto(f"{office.url}/case?case={case_id}")
    expect(page.locator("h1").first).to_be_visible()


def test_a_closure_is_read_and_approved_from_today(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = to_close(http, "บ้านปลายสวน")
    with signed(office, SUPERVISOR) as http:
        waiting = http.get("/alerts").json()["to_sign"]
        (asked,) = [row for row in waiting if row["case_id"] == case_id]
    seated(page, office, SUPERVISOR)
    page.goto(f"{office.url}/today")
    way = page.locator(f".st-key-today-to_sign-{asked['id']} button")
    more = page.locator(".st-key-more-to_sign summary")
    expect(way.or_(more).first).to_be_visible()
    at_rest(page)
    if not way.count():
        more.click()
    way.click()
    content = page.locator(".cmis-answers")
    expect(content).to_contain_text(OWN_VIEW)
    expect(content).to_contain_text("อยู่นอกขอบเขต")
    at_rest(page)
    page.get_by_role("button", name="ไม่อนุมัติ").click()
    expect(page.get_by_role("alert")).to_contain_text("เหตุที่ไม่อนุมัติ")
    leave_field(page, "ความเห็นถึงผู้ขอ (ต้องมีเมื่อไม่อนุมัติ)", "เห็นชอบ")
    page.get_by_role("button", name="อนุมัติ", exact=True).click()
    expect(page.get_by_text(say("status.closed", "th")).first).to_be_visible()
    expect(page.locator(TO_DECIDE)).to_have_count(0)
    page.get_by_role("tab", name="ลำดับเหตุการณ์").click()
    drawer(page, "การอนุมัติในแฟ้มนี้")
    expect(page.get_by_text("“เห็นชอบ”")).to_be_visible()


def test_conditions_that_no_longer_hold_are_said_and_what_was_typed_stays(
    page: Page, office: Office
) -> None:
    with signed(office) as http:
        case_id = to_close(http, "บ้านเรือนแพ")
        letter = {
            "to_agency": "police",
            "purpose": "complaint",
            "basis": "court_order",
            "basis_reason": "คำสั่งที่ 12/2569",
            "requested": "ติดตามตัวผู้กระทำ",
        }
        told(http, f"/cases/{case_id}/referrals", letter)
    opened(page, office, case_id)
    expect(page.locator(TO_DECIDE)).to_have_count(2)
    drawer(page, "การยุติการช่วยเหลือ")
    label = "ความเห็นถึงผู้ขอ (ต้องมีเมื่อไม่อนุมัติ)"
    leave_field(page, label, "ปิดได้")
    page.get_by_role("button", name="อนุมัติ", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="step.closed")).to_be_visible()
    expect(page.get_by_label(label)).to_have_value("ปิดได้")
    drawer(page, "การยุติการช่วยเหลือ")
    drawer(page, "การเปิดเผยข้อมูล")
    expect(page.locator(".cmis-answers")).to_contain_text("คำสั่งที่ 12/2569")
    assert shaded(page) == {}
    page.set_viewport_size(PHONE)
    at_rest(page)
    assert fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    leave_field(page, label, "คำสั่งหมดอายุแล้ว")
    page.get_by_role("button", name="ไม่อนุมัติ").click()
    expect(page.locator(TO_DECIDE)).to_have_count(1)
    with signed(office) as http:
        (sent,) = http.get(f"/cases/{case_id}/referrals").json()
    assert (sent["status"], sent["comment"]) == ("revoked", "คำสั่งหมดอายุแล้ว")


def test_a_document_is_put_up_for_approval_read_and_approved_then_erased(
    page: Page, office: Office
) -> None:
    with signed(office) as http:
        case_id = a_case(http, "บ้านหลังวัด")
    seated(page, office)
    page.goto(f"{office.url}/documents?case={case_id}")
    expect(page.get_by_role("heading", name="เอกสารที่แต่ละขั้นต้องใช้")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="เพิ่ม", exact=True).last.click()
    expect(page.get_by_role("button", name="เก็บเข้าแฟ้ม")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="เพิ่ม", exact=True).first.click()
    expect(page.get_by_role("button", name="ร่างเอกสาร")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="ร่างเอกสาร").click()
    expect(page.locator(".cmis-pages img").first).to_be_visible()
    page.get_by_role("tab", name="ดำเนินการ").click()
    at_rest(page)
    expect(page.get_by_role("radio", name="ลบตามกฎหมาย")).to_have_count(0)
    page.get_by_role("radio", name="ขออนุมัติ").click()
    page.get_by_role("button", name="ขออนุมัติฉบับที่ 1").click()
    expect(page.get_by_text("รออนุมัติ").first).to_be_visible()
    page.context.clear_cookies()
    opened(page, office, case_id)
    approve = page.get_by_role("button", name="อนุมัติ", exact=True)
    expect(approve).to_be_disabled()
    at_rest(page)
    page.get_by_role("button", name="แสดงหน้าเอกสาร").click()
    expect(page.locator(".cmis-pages img").first).to_be_visible()
    at_rest(page)
    approve.click()
    expect(page.locator(TO_DECIDE)).to_have_count(0)
    page.goto(f"{office.url}/documents?case={case_id}")
    expect(page.get_by_text("อนุมัติแล้ว").first).to_be_visible()
    erase(page)
    with signed(office) as http:
        assert http.get(f"/cases/{case_id}/documents").json()["items"] == []


def erase(page: Page) -> None:
    """The supervisor erases the opened document by law; its tombstone says so."""
    at_rest(page)
    page.get_by_role("button", name="ดู", exact=True).click()
    page.get_by_role("tab", name="อยู่ในมือใคร").click()
    expect(page.locator(".cmis-custody")).to_contain_text("ขออนุมัติ")
    page.get_by_role("tab", name="ดำเนินการ").click()
    at_rest(page)
    page.get_by_role("radio", name="ลบตามกฎหมาย").click()
    go = page.get_by_role("button", name="ลบถาวร")
    expect(go).to_be_disabled()
    leave_field(page, "ลบตามกฎหมายหรือคำสั่งใด", "เจ้าของข้อมูลขอให้ลบตามสิทธิ")
    page.get_by_text("ฉันตรวจแล้วว่าต้องลบ").click()
    expect(go).to_be_enabled()
    at_rest(page)
    go.click()
    expect(page.get_by_text("เหลือหลักฐานการลบ")).to_be_visible()
    drawer(page, "เอกสารที่ลบตามกฎหมาย")
    expect(page.get_by_text("เจ้าของข้อมูลขอให้ลบตามสิทธิ")).to_be_visible()


def test_a_case_is_opened_in_an_emergency_read_and_reviewed(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "บ้านเชิงสะพาน")
        number = http.get(f"/cases/{case_id}").json()["number"]
    seated(page, office, "malee.bpd")
    page.goto(f"{office.url}/cases")
    drawer(page, "เปิดแฟ้มของหน่วยงานอื่นในเหตุฉุกเฉิน")
    leave_field(page, "เลขที่รายกรณี", "9999-999999")
    go = page.get_by_role("button", name="เปิดแฟ้มฉุกเฉิน")
    go.click()
    expect(page.get_by_role("alert")).to_contain_text("20 ตัวอักษร")
    leave_field(page, "เหตุผลที่ต้องเปิดเดี๋ยวนี้", REASON)
    go.click()
    expect(page.get_by_role("alert").filter(has_text="glass.unseen")).to_be_visible()
    assert shaded(page) == {}
    leave_field(page, "เลขที่รายกรณี", number)
    go.click()
    expect(page.locator(".cmis-alert").filter(has_text="เปิดฉุกเฉินถึง")).to_contain_text(REASON)
    expect(page.locator(".cmis-story")).to_be_visible()
    expect(page.get_by_role("button", name="เพิ่มรหัสนี้")).to_have_count(0)
    page.context.clear_cookies()
    seated(page, office, SUPERVISOR)
    page.goto(f"{office.url}/today")
    page.get_by_role("button", name="ทบทวน").first.click()
    expect(page.get_by_role("tab", name="บัญชีผู้ใช้")).to_have_count(0)
    mine = page.locator('[data-testid="stVerticalBlock"]').filter(has_text=number).last
    at_rest(page)
    mine.get_by_label("ผลการทบทวน").fill("โทรยืนยันแล้ว")
    mine.get_by_label("ผลการทบทวน").blur()
    at_rest(page)
    mine.get_by_role("button", name="สมควร", exact=True).click()
    expect(page.get_by_text(number)).to_have_count(0)


def test_a_code_nobody_found_is_added_and_taken_out_again(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "บ้านตรงข้ามวัด")
    opened(page, office, case_id, "somying.pmj")
    box = listed(page, "เพิ่มรหัสที่ระบบไม่พบ", "HOU-01")
    box.press("Enter")
    at_rest(page)
    page.get_by_role("button", name="เพิ่มรหัสนี้").click()
    expect(page.get_by_text("คุณเพิ่มเอง")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="เอาออก", exact=True).click()
    expect(page.get_by_text("คุณเพิ่มเอง")).to_have_count(0)
    listed(page, "เพิ่มรหัสที่ระบบไม่พบ", "HOU-01")
