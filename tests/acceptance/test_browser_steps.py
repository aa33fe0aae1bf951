"""A case is carried through its steps from the screen, and what was recorded is read there."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import (
    a_case,
    approved,
    at_rest,
    fits,
    leave_field,
    listed,
    seated,
    signed,
)
from tests.acceptance.lifecycle import ASSESSMENT, REGISTRATION, SCREENING, VISIT
from tests.acceptance.test_browser_main_day import PHONE, shot

pytestmark = pytest.mark.browser

RECORD = "บันทึกไว้ในแฟ้ม"
STEPS = "ขั้นตอนและกำหนดเวลา"
REGISTERED = (
    ("registration", REGISTRATION | {"case_type": "other"}),
    ("screening", SCREENING),
)


def open_steps(page: Page, office: Office, case_id: str, login: str = "somying.pmj") -> None:
    seated(page, office, login)
    page.goto(f"{office.url}/case?case={case_id}")
    page.get_by_role("tab", name=STEPS).click()
    expect(page.get_by_role("heading", name="เก้าขั้นตอน")).to_be_visible()
    at_rest(page)


def choose(page: Page, field: str, answer: str) -> None:
    """One answer of a field with few answers."""
    group = page.get_by_role("radiogroup", name=field)
    group.locator("label", has_text=re.compile(f"^{re.escape(answer)}$")).click()
    at_rest(page)


def pick(page: Page, field: str, answer: str) -> None:
    """One answer of a field with many."""
    listed(page, field, answer)
    page.get_by_role("option", name=answer, exact=True).click()
    at_rest(page)


def entered(http: httpx.Client, case_id: str, *steps: tuple[str, dict[str, Any]]) -> None:
    for kind, content in steps:
        body = {"kind": kind, "content": content}
        http.post(f"/cases/{case_id}/entries", json=body).raise_for_status()


def recorded(office: Office, case_id: str) -> list[str]:
    with signed(office) as http:
        return [e["kind"] for e in http.get(f"/cases/{case_id}/entries").json()]


def test_register_and_screen_from_the_screen(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "ขึ้นทะเบียนจากหน้าจอ")
    page.set_viewport_size({"width": 1280, "height": 1600})
    open_steps(page, office, case_id)
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_role("alert").filter(has_text="ประเภทรายกรณี")).to_be_visible()
    pick(page, "ประเภทรายกรณี", "ความรุนแรงในครอบครัว")
    pick(page, "รับเรื่องทาง", "มาที่สำนักงาน")
    choose(page, "ผู้แจ้งขอไม่เปิดเผยตัว", "ใช่")
    choose(page, "มีเด็กเกี่ยวข้อง", "ใช่")
    shot(page, "steps-registration")
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_text("คัดกรองและตอบรับเคส")).to_be_visible()
    choose(page, "อยู่ในขอบเขตของหน่วยงานเรา", "ใช่")
    choose(page, "ผลคัดกรอง", "รับไว้ดูแลเอง")
    leave_field(page, "หน่วยงานหลัก", "พมจ.")
    leave_field(page, "เหตุผล", "อยู่ในพื้นที่และอำนาจหน้าที่")
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_role("radiogroup", name="ความปลอดภัยขณะนี้")).to_be_visible()
    assert recorded(office, case_id) == ["registration", "screening"]


def test_an_assessment_is_recorded_and_read_again(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "ประเมินจากหน้าจอ")
        entered(http, case_id, *REGISTERED)
    page.set_viewport_size({"width": 1280, "height": 1900})
    open_steps(page, office, case_id)
    choose(page, "ความปลอดภัยขณะนี้", "ไม่ปลอดภัย")
    choose(page, "ระดับความเสี่ยง", "สูง")
    leave_field(page, "ได้ข้อมูลจากใครบ้าง", "เจ้าตัว\nเพื่อนบ้าน")
    choose(page, "ได้คุยกับผู้รับบริการตามลำพัง", "ใช่")
    leave_field(page, "คำพูดของเจ้าตัว", "อยากอยู่อย่างไม่ต้องกลัว")
    leave_field(page, "จุดแข็งและคนที่พึ่งได้", "มีพี่สาวอยู่อีกอำเภอ")
    leave_field(page, "ความต้องการ", "ที่พักคืนนี้")
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_text("จัดทำแผนให้เสร็จ")).to_be_visible()
    page.locator("summary", has_text="ผลประเมินสภาวะ").click()
    read = page.locator(".cmis-answers")
    expect(read).to_contain_text("อยากอยู่อย่างไม่ต้องกลัว")
    expect(read).to_contain_text("เจ้าตัว, เพื่อนบ้าน")
    shot(page, "steps-recorded")


def test_danger_found_on_a_visit_asks_for_a_new_look_at_once(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "เยี่ยมแล้วไม่ปลอดภัย")
        entered(http, case_id, *REGISTERED, ("assessment", ASSESSMENT))
        approved(http, case_id)
    page.set_viewport_size(PHONE)
    open_steps(page, office, case_id)
    page.get_by_role("radio", name="บันทึกติดตาม").click()
    at_rest(page)
    choose(page, "พบอย่างไร", "พบตัว")
    choose(page, "ปลอดภัย", "ไม่ใช่")
    leave_field(page, "ความคืบหน้าตามตัวชี้วัดของแผน", VISIT["indicators"])
    assert fits(page)
    shot(page, "steps-visit-phone")
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_text("ประเมินซ้ำทันทีเพราะผู้ติดตามพบว่าไม่ปลอดภัย")).to_be_visible()
    assert recorded(office, case_id)[-1] == "visit"


def test_who_only_reads_is_offered_nothing_to_record(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "อ่านอย่างเดียว")
    open_steps(page, office, case_id, "auditor")
    expect(page.get_by_role("button", name=RECORD)).to_have_count(0)
