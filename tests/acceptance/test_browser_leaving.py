"""Leaving in a hurry, being left alone, and coming back: nothing shows and no word is lost."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import a_case, at_rest, seated, signed
from tests.acceptance.test_browser_main_day import LONG, at_home, sign_in

pytestmark = pytest.mark.browser
TOLD = "เมื่อคืนเพื่อนบ้านได้ยินเสียงเด็กร้องจากบ้านท้ายซอย"
LONG_AGO = "localStorage.setItem('cmis.active', String(Date.now() - 31 * 60000))"


def write_a_story(page: Page, words: str) -> None:
    page.get_by_role("link", name="รับเรื่องใหม่").first.click()
    field = page.get_by_label("คำบอกเล่า", exact=True)
    expect(field).to_be_visible(timeout=LONG)
    at_rest(page)
    field.fill("")
    field.press_sequentially(words, delay=5)
    expect(page.locator(".cmis-kept[data-state=kept]")).to_be_visible(timeout=LONG)


def test_a_refresh_in_the_middle_of_a_story_loses_no_word(page: Page, office: Office) -> None:
    at_home(page, office)
    write_a_story(page, TOLD)
    page.reload()
    expect(page.get_by_label("คำบอกเล่า", exact=True)).to_have_value(TOLD, timeout=LONG)


def test_escape_twice_blanks_the_screen_and_signs_out(page: Page, office: Office) -> None:
    at_home(page, office)
    at_rest(page)
    page.keyboard.press("Escape")
    page.wait_for_timeout(1200)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/away", timeout=LONG)
    assert page.inner_text("body").strip() == ""
    assert page.title().strip("\u200b ") == ""
    page.go_back()
    expect(page.get_by_role("link", name="ไปหน้าเข้าสู่ระบบ")).to_be_visible(timeout=LONG)


def test_the_button_does_the_same(page: Page, office: Office) -> None:
    at_home(page, office)
    at_rest(page)
    page.locator(".cmis-leave").click()
    page.wait_for_url("**/away", timeout=LONG)
    page.goto(office.url)
    expect(page.get_by_role("link", name="ไปหน้าเข้าสู่ระบบ")).to_be_visible(timeout=LONG)


def test_pages_left_alone_sign_out_and_keep_the_story(page: Page, office: Office) -> None:
    at_home(page, office)
    write_a_story(page, TOLD)
    page.evaluate(LONG_AGO)
    page.wait_for_url(re.compile(r"/login\?why=idle&to=%2F"), timeout=LONG)
    expect(page.get_by_role("alert")).to_contain_text("ยังอยู่ครบ")
    sign_in(page, office)
    page.get_by_role("link", name="รับเรื่องใหม่").first.click()
    expect(page.get_by_label("คำบอกเล่า", exact=True)).to_have_value(TOLD, timeout=LONG)


def test_a_session_that_ends_in_the_middle_of_an_entry_loses_no_word(
    page: Page, office: Office
) -> None:
    """Kept as typed; the rest, typed when the session was over, comes back after signing in."""
    with signed(office) as http:
        case_id = a_case(http, "บ้านท้ายตลาด")
    session = seated(page, office)
    here = f"{office.url}/case?case={case_id}&part=steps"
    page.goto(here)
    field = page.get_by_role("textbox", name="ติดต่อกลับอย่างปลอดภัยได้อย่างไร")
    expect(field).to_be_visible(timeout=LONG)
    at_rest(page)
    field.press_sequentially("โทรหลังหกโมงเย็น", delay=5)
    expect(page.locator(".cmis-kept[data-state=kept]")).to_be_visible(timeout=LONG)
    page.reload()
    expect(field).to_have_value("โทรหลังหกโมงเย็น", timeout=LONG)
    at_rest(page)
    ended = httpx.post(
        f"{office.url}/api/v1/logout", headers={"Authorization": f"Bearer {session}"}
    )
    assert ended.is_success
    field.press("End")
    field.press_sequentially(" อย่าโทรเข้าเบอร์บ้าน", delay=5)
    expect(page.locator(".cmis-kept[data-state=ended]")).to_be_visible(timeout=LONG)
    sign_in(page, office)
    page.wait_for_function("!sessionStorage.getItem('cmis.rest')")
    at_rest(page)
    page.goto(here)
    expect(field).to_have_value("โทรหลังหกโมงเย็น อย่าโทรเข้าเบอร์บ้าน", timeout=LONG)
