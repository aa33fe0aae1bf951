"""The conference room: called, talked, voted with dissent, decided, minuted by two, ended."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import (
    SAMPLE,
    a_case,
    a_plan,
    at_rest,
    drawer,
    fits,
    leave_field,
    listed,
    seated,
    signed,
)
from tests.acceptance.test_browser_main_day import PHONE, shot

pytestmark = pytest.mark.browser

QUESTION = "ใครไปเยี่ยมบ้านคืนนี้"
ROOM = re.compile("การประชุมครั้งที่")


@pytest.fixture(scope="module")
def case_id(office: Office) -> str:
    with signed(office) as http:
        made = a_case(http, "ครอบครัวริมทางรถไฟ", SAMPLE.read_text(encoding="utf-8"))
        a_plan(http, made)
        return made


def called(office: Office, case_id: str) -> dict[str, str]:
    """The conference of the case, called with the doctor unless it was already."""
    with signed(office) as http:
        held = http.get(f"/cases/{case_id}/conferences").json()
        if not held:
            doctor = next(p for p in http.get("/directory").json() if p["login"] == "doctor.mdt")
            body = {"meets_at": "2027-01-05T09:30:00+07:00", "members": [doctor["id"]]}
            body |= {"questions": [QUESTION]}
            made = http.post(f"/cases/{case_id}/conferences", json=body)
            return dict(made.raise_for_status().json())
        return dict(http.get(f"/conferences/{held[-1]['id']}").json())


def enter(page: Page, office: Office, case_id: str, login: str = "somying.pmj") -> None:
    seated(page, office, login)
    page.goto(f"{office.url}/conference?conference={called(office, case_id)['id']}")
    expect(page.get_by_role("heading", name=ROOM)).to_be_visible()


def test_a_conference_is_called_with_the_plans_questions(
    page: Page, office: Office, case_id: str
) -> None:
    seated(page, office)
    page.goto(f"{office.url}/conference?case={case_id}")
    drawer(page, "เรียกประชุม")
    listed(page, re.compile("เชิญใครบ้าง"), "ปรีชา")
    page.get_by_role("option", name=re.compile("ปรีชา")).first.click()
    page.keyboard.press("Escape")
    at_rest(page)
    leave_field(page, "คำถามของคุณเอง", QUESTION)
    page.get_by_role("button", name="เรียกประชุมนี้").click()
    expect(page.get_by_role("heading", name=ROOM)).to_be_visible()
    expect(page.get_by_text("ผู้ร่วมประชุม (1)")).to_be_visible()
    expect(page.locator("summary", has_text=QUESTION)).to_be_visible()
    assert page.locator("summary").count() > 5
    shot(page, "conference")


def test_a_case_without_a_plan_cannot_be_discussed(page: Page, office: Office) -> None:
    with signed(office) as http:
        bare = a_case(http, "ยังไม่มีแผน")
    seated(page, office)
    page.goto(f"{office.url}/conference?case={bare}")
    drawer(page, "เรียกประชุม")
    page.get_by_role("button", name="เรียกประชุมนี้").click()
    expect(page.get_by_role("alert").filter(has_text="conference.")).to_be_visible()


def test_the_invited_doctor_suggests_and_disagrees_with_a_reason(
    page: Page, office: Office, case_id: str
) -> None:
    called(office, case_id)
    seated(page, office, "doctor.mdt")
    page.goto(f"{office.url}/conference")
    page.get_by_role("button", name="เข้าห้อง").first.click()
    expect(page.get_by_role("heading", name=ROOM)).to_be_visible()
    drawer(page, QUESTION)
    page.get_by_label("ความเห็นของคุณ").fill("ให้ อสม. ไปกับนักสังคมสงเคราะห์")
    page.get_by_role("radio", name="ข้อเสนอ").click()
    page.get_by_role("button", name="ส่ง", exact=True).click()
    expect(page.locator(".cmis-post")).to_contain_text("ให้ อสม. ไปกับนักสังคมสงเคราะห์")
    page.get_by_role("radio", name="ไม่เห็นด้วย").click()
    expect(page.get_by_label("เหตุที่ไม่เห็นด้วย")).to_be_visible()
    page.get_by_role("button", name="ลงมติ").click()
    expect(page.get_by_role("alert").filter(has_text="conference.")).to_be_visible()
    leave_field(page, "เหตุที่ไม่เห็นด้วย", "ต้องตรวจคอก่อนกลับบ้าน")
    page.get_by_role("button", name="ลงมติ").click()
    expect(page.locator(".cmis-vote")).to_contain_text("ต้องตรวจคอก่อนกลับบ้าน")


def test_a_sentence_of_the_plan_has_its_thread(page: Page, office: Office, case_id: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 3200})  # a list that must scroll closes itself
    enter(page, office, case_id)
    drawer(page, "พูดถึงข้อใดข้อหนึ่งของแผน")
    box = listed(page, "ข้อไหน", "ตำรวจ")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(re.compile("ตำรวจ"))
    at_rest(page)
    page.get_by_label("ความเห็นของคุณ").fill("ข้อนี้ต้องมาก่อน")
    page.get_by_role("button", name="ส่ง", exact=True).click()
    at_rest(page)
    inner = '[data-testid="stExpander"] [data-testid="stExpander"] summary'
    page.locator(inner).first.click()
    expect(page.locator(".cmis-post")).to_contain_text("ข้อนี้ต้องมาก่อน")


def test_the_decision_binds_and_minutes_of_two_tabs_are_both_kept_in_sight(
    browser: Browser, office: Office, case_id: str
) -> None:
    window = browser.new_context(viewport={"width": 1280, "height": 1200}, locale="th-TH")
    first = window.new_page()
    enter(first, office, case_id)
    first.get_by_role("tab", name="มติที่ประชุม").click()
    decide = first.get_by_role("button", name="บันทึกมติ")
    expect(decide).to_be_disabled()
    first.get_by_role("radio", name="คงแผนเดิม").click()
    leave_field(first, "ข้อความมติ", "ทำตามแผน เยี่ยมบ้านทุกสัปดาห์")
    leave_field(first, "งานที่ 1", "นัดตรวจร่างกาย")
    decide.click()
    seal = called(office, case_id)["version_hash"]
    expect(first.locator(".cmis-approved")).to_contain_text(seal)
    expect(first.get_by_text("งานที่มอบหมาย (1)")).to_be_visible()

    second = window.new_page()
    enter(second, office, case_id)
    for tab, words in ((first, "รายงานของแท็บแรก"), (second, "รายงานของแท็บที่สอง")):
        tab.get_by_role("tab", name="รายงานการประชุม").click()
        expect(tab.get_by_label("เนื้อความ")).to_have_value(re.compile("ทำตามแผน"))
        leave_field(tab, "เนื้อความ", words)
    first.get_by_role("button", name="บันทึกรายงาน").click()
    expect(first.get_by_text("บันทึกรายงานการประชุมแล้ว")).to_be_visible()
    second.get_by_role("button", name="บันทึกรายงาน").click()
    expect(second.get_by_role("alert").filter(has_text="conference.changed")).to_be_visible()
    expect(second.locator(".cmis-written").first).to_contain_text("รายงานของแท็บแรก")
    expect(second.get_by_label("เนื้อความ")).to_have_value("รายงานของแท็บที่สอง")
    window.close()


def test_a_task_is_ended_and_the_closed_room_shuts_the_invited_out(
    page: Page, browser: Browser, office: Office, case_id: str
) -> None:
    enter(page, office, case_id)
    page.get_by_role("tab", name="มติที่ประชุม").click()
    page.get_by_role("button", name="ผลของงาน").click()
    leave_field(page, "ผลเป็นอย่างไร", "ตรวจแล้วเมื่อเช้า")
    page.get_by_role("button", name="เสร็จแล้ว").click()
    expect(page.get_by_text("ตรวจแล้วเมื่อเช้า")).to_be_visible()
    page.get_by_role("tab", name="รายงานการประชุม").click()
    page.get_by_role("button", name="ปิดการประชุม").click()
    expect(page.get_by_text("ปิดแล้ว").first).to_be_visible()
    window = browser.new_context(locale="th-TH")
    doctor = window.new_page()
    seated(doctor, office, "doctor.mdt")
    doctor.goto(f"{office.url}/conference?conference={called(office, case_id)['id']}")
    expect(doctor.get_by_role("alert")).to_be_visible()
    window.close()


def test_the_room_fits_a_phone(page: Page, office: Office, case_id: str) -> None:
    enter(page, office, case_id)
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(800)
    assert fits(page)
    shot(page, "conference-phone")
