"""Administration: an account made, used, locked and reset; jobs, health, the trail verified."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import a_case, at_rest, drawer, leave_field, seated, signed
from tests.acceptance.test_browser_main_day import shot

pytestmark = pytest.mark.browser

LOGIN = "kamol.pmj"


@pytest.fixture
def desk(page: Page, office: Office) -> Page:
    seated(page, office, "admin")
    page.goto(f"{office.url}/admin")
    expect(page.get_by_role("tab", name="บัญชีผู้ใช้")).to_be_visible()
    return page


def enters(office: Office, login: str, password: str) -> bool:
    who = {"login": login, "password": password}
    return httpx.post(f"{office.url}/api/v1/login", json=who, timeout=30).is_success


def test_an_account_is_made_and_its_password_told_once(desk: Page, office: Office) -> None:
    drawer(desk, "บัญชีใหม่")
    make = desk.get_by_role("button", name="สร้างบัญชี")
    expect(make).to_be_disabled()
    leave_field(desk, "ชื่อผู้ใช้", "somying.pmj")
    leave_field(desk, "ชื่อ", "กมล สาธิตดี")
    make.click()
    expect(desk.get_by_role("alert").filter(has_text="account.taken")).to_be_visible()
    leave_field(desk, "ชื่อผู้ใช้", LOGIN)
    make.click()
    expect(desk.get_by_text("แสดงครั้งนี้ครั้งเดียว")).to_be_visible()
    password = desk.locator("code").first.inner_text()
    assert enters(office, LOGIN, password)
    desk.get_by_role("button", name="จดไว้แล้ว").click()
    expect(desk.get_by_text(password)).to_have_count(0)
    shot(desk, "admin")


def test_a_locked_account_is_out_at_once_and_a_reset_one_gets_a_new_password(
    desk: Page, office: Office
) -> None:
    leave_field(desk, "ค้นด้วยชื่อหรือชื่อผู้ใช้", "teacher.school")
    desk.get_by_role("button", name="แก้ไข").first.click()
    desk.get_by_role("button", name="ออกรหัสผ่านใหม่").click()
    expect(desk.get_by_text("แสดงครั้งนี้ครั้งเดียว")).to_be_visible()
    password = desk.locator("code").first.inner_text()
    assert not enters(office, "teacher.school", office.password)
    assert enters(office, "teacher.school", password)
    desk.get_by_role("button", name="จดไว้แล้ว").click()
    desk.get_by_role("button", name="แก้ไข").first.click()
    desk.get_by_role("button", name="ระงับบัญชี").click()
    expect(desk.get_by_text("ระงับแล้ว")).to_be_visible()
    assert not enters(office, "teacher.school", password)


def test_an_agency_is_renamed(desk: Page, office: Office) -> None:
    desk.get_by_role("tab", name="หน่วยงาน").click()
    change = desk.locator(".st-key-agency-school button")
    expect(change).to_be_visible()
    at_rest(desk)
    change.click()
    leave_field(desk, "ชื่อภาษาอังกฤษ", "Village school (demo)")
    desk.get_by_role("button", name="บันทึก").click()
    expect(desk.get_by_label("ชื่อภาษาอังกฤษ")).to_have_count(0)
    with signed(office, "admin") as http:
        rows = http.get("/admin/accounts").json()["agencies"]
    assert "Village school (demo)" in {row["name_en"] for row in rows}


def test_jobs_health_and_what_waits_for_a_review(desk: Page) -> None:
    desk.get_by_role("tab", name="คิวงาน").click()
    expect(desk.get_by_text("งานที่ล้มเหลวอยู่บนสุด")).to_be_visible()
    at_rest(desk)
    expect(desk.get_by_role("alert")).to_have_count(0)
    desk.get_by_role("tab", name="สุขภาพระบบ").click()
    expect(desk.get_by_text("ฐานข้อมูล")).to_be_visible()
    expect(desk.get_by_text("ตอบสนอง").first).to_be_visible()
    desk.get_by_role("tab", name="ความรู้ที่ต้องทบทวน").click()
    expect(desk.get_by_text("ความรู้ที่ถึงกำหนดทบทวน")).to_be_visible()


def test_the_trail_of_all_cases_is_verified(desk: Page) -> None:
    desk.get_by_role("tab", name="ตรวจร่องรอย").click()
    desk.get_by_role("button", name="ตรวจเดี๋ยวนี้").click()
    expect(desk.locator(".cmis-approved")).to_contain_text("ครบถ้วนถูกต้อง")
    shot(desk, "admin-trail")


def test_a_supervisor_reviews_an_emergency_opening(page: Page, office: Office) -> None:
    with signed(office) as http:
        number = http.get(f"/cases/{a_case(http, 'บ้านท้ายตลาด')}").json()["number"]
    with signed(office, "malee.bpd") as http:
        body = {"number": number, "reason": "แม่โทรมาขอความช่วยเหลือกลางดึก ต้องรู้ที่อยู่"}
        http.post("/glass", json=body).raise_for_status()
    seated(page, office, "wichai.pmj")
    page.goto(f"{office.url}/admin")
    expect(page.get_by_role("tab", name="บัญชีผู้ใช้")).to_have_count(0)
    expect(page.get_by_text(number)).to_be_visible()
    right = page.get_by_role("button", name="สมควร", exact=True)
    expect(right.first).to_be_disabled()
    leave_field(page, "ผลการทบทวน", "โทรยืนยันกับเจ้าตัวแล้ว")
    right.first.click()
    expect(page.get_by_text(number)).to_have_count(0)


def test_a_worker_has_no_such_page(page: Page, office: Office) -> None:
    seated(page, office)
    page.goto(f"{office.url}/cases")
    expect(page.get_by_role("link", name="กำหนดเวลา").first).to_be_visible()
    expect(page.get_by_role("link", name="ดูแลระบบ")).to_have_count(0)


def test_a_page_of_another_role_is_told_in_ones_own_language(page: Page, office: Office) -> None:
    seated(page, office, "researcher")
    page.goto(f"{office.url}/admin")
    expect(page.get_by_role("heading", name="หน้านี้ไม่ใช่ของบทบาทคุณ")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="ดูแลระบบ")).to_have_count(0)
    page.get_by_role("link", name="ไปหน้าแรกของฉัน").click()
    expect(page).to_have_url(f"{office.url}/research")
