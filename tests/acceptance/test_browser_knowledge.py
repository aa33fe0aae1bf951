"""The Knowledge page: asked in one's own words, with source, dates and how far it was checked."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import a_case, fits, seated, signed
from tests.acceptance.test_browser_main_day import LONG, PHONE, shot

pytestmark = pytest.mark.browser

DUTY = "ใครต้องแจ้งเมื่อพบเด็กถูกทำร้าย"


def ask(page: Page, words: str) -> None:
    field = page.get_by_label("คำค้น")
    field.fill(words)
    field.press("Enter")


def test_an_answer_shows_its_source_its_dates_and_how_sure_it_is(
    page: Page, office: Office
) -> None:
    seated(page, office)
    page.goto(f"{office.url}/knowledge")
    expect(page.get_by_text("ถามด้วยคำของคุณเอง")).to_be_visible()
    ask(page, DUTY)
    expect(page.get_by_text("child-protection-2546#29").first).to_be_visible()
    expect(page.get_by_text("ใช้ตั้งแต่").first).to_be_visible()
    expect(page.locator(".cmis-chip", has_text="✓").first).to_be_visible()
    shot(page, "knowledge")
    page.get_by_role("radio", name="สวัสดิการ", exact=True).click()
    expect(page.get_by_text("child-protection-2546#29")).to_have_count(0)
    expect(page.get_by_text("scheme:").first).to_be_visible()


def test_what_changed_is_told_with_the_plans_it_touches(page: Page, office: Office) -> None:
    seated(page, office)
    page.goto(f"{office.url}/knowledge")
    page.get_by_role("tab", name="สิ่งที่เปลี่ยนไป").click()
    expect(page.get_by_text("สถานะความรู้")).to_be_visible()
    expect(page.get_by_text("ไม่มีแผนของคุณที่อ้างสิ่งที่เปลี่ยนไป")).to_be_visible()
    expect(page.locator(".cmis-dated li").first).to_be_visible()
    shot(page, "knowledge-changed")


def test_words_too_long_to_ask_are_cut_not_refused(page: Page, office: Office) -> None:
    seated(page, office)
    page.goto(f"{office.url}/knowledge")
    ask(page, "เด็กถูกตี " * 200)
    expect(page.locator(".cmis-row").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_session_that_ended_leads_to_the_door_and_back(page: Page, office: Office) -> None:
    seated(page, office)
    page.goto(f"{office.url}/knowledge")
    expect(page.get_by_label("คำค้น")).to_be_visible()
    assert page.context.request.post(f"{office.url}/logout").ok
    ask(page, DUTY)
    through_the_door(page, office)
    expect(page.get_by_label("คำค้น")).to_be_visible()
    assert urlsplit(page.url).path == "/knowledge"


def through_the_door(page: Page, office: Office) -> None:
    """From where nobody is known any more, signed in again."""
    door = page.get_by_role("link", name="ไปหน้าเข้าสู่ระบบ").first
    expect(door).to_be_visible()
    door.click()
    page.get_by_label("ชื่อผู้ใช้").fill("somying.pmj")
    page.get_by_label("รหัสผ่าน").fill(office.password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def test_a_direct_link_is_followed_after_the_sign_in(page: Page, office: Office) -> None:
    page.set_default_timeout(LONG)
    with signed(office) as http:
        case_id = a_case(http, "ลิงก์ตรงถึงเคส")
    page.goto(f"{office.url}/case?case={case_id}&part=steps")
    through_the_door(page, office)
    expect(page.get_by_role("heading", name="ลิงก์ตรงถึงเคส")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"case": [case_id], "part": ["steps"]}


@pytest.mark.parametrize("path", ["nonsense", "ไม่มีหน้า"])
def test_an_address_that_is_none_says_so_in_ones_language(
    page: Page, office: Office, path: str
) -> None:
    seated(page, office)
    page.goto(f"{office.url}/{path}")
    expect(page.get_by_role("heading", name="ไม่มีหน้านี้")).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    shot(page, "nowhere")
    page.get_by_role("link", name="ไปหน้าแรกของฉัน").click()
    expect(page).to_have_url(f"{office.url}/today")
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_parts_of_the_page_speak_the_readers_language(page: Page, office: Office) -> None:
    seated(page, office)
    page.goto(f"{office.url}/knowledge")
    page.get_by_role("tab", name="ครบชุดต่อปัญหา").click()
    field = page.get_by_test_id("stMultiSelect").get_by_role("combobox")
    field.click()
    field.fill("ไม่มีปัญหาชื่อนี้")
    expect(page.get_by_text("ไม่พบตัวเลือก")).to_be_visible()
    expect(page.get_by_text("No results")).to_have_count(0)
    page.evaluate(
        """() => document.body.insertAdjacentHTML("beforeend", `<div
            data-testid="stMultiSelectDropdown"><p>Select all</p><p>Select 3 matches</p></div>`)"""
    )
    expect(page.get_by_text("เลือกทั้งหมด", exact=True)).to_be_attached()
    expect(page.get_by_text("เลือกที่ตรงกันทั้ง 3 รายการ")).to_be_attached()


def test_the_answers_fit_a_phone(page: Page, office: Office) -> None:
    seated(page, office)
    page.set_viewport_size(PHONE)
    page.goto(f"{office.url}/knowledge")
    ask(page, DUTY)
    expect(page.get_by_text("child-protection-2546#29").first).to_be_visible()
    assert fits(page)
    shot(page, "knowledge-phone")
