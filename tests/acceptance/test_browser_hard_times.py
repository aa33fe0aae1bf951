"""Hard times: the API lost and back, a refresh in mid-edit, a very long story, two windows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.cable import Cable, cable
from tests.acceptance.conftest import Office, free_port
from tests.acceptance.desk_work import (
    SAMPLE,
    a_case,
    a_plan,
    at_rest,
    fits,
    leave_field,
    seated,
    signed,
)
from tests.acceptance.test_browser_main_day import PHONE

pytestmark = pytest.mark.browser

PAGES = Path(__file__).parents[2] / "ui" / "app.py"
UNREACHED = "ติดต่อระบบไม่ได้"
TOLD = "เมื่อคืนเพื่อนบ้านได้ยินเสียงเด็กร้อง แล้วเห็นแม่อุ้มลูกออกมาที่ถนน"


@pytest.fixture(scope="module")
def apart(office: Office) -> Iterator[tuple[str, Cable]]:
    """The pages served by themselves, a cable away from the office's API."""
    port, near = free_port(), free_port()
    where = urlsplit(office.url)
    with cable(near, (str(where.hostname), int(where.port or 80))) as laid:
        served = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(PAGES), "--server.port", str(port)],
            env=os.environ | {"CMIS_API_URL": f"http://127.0.0.1:{near}", "PYTHONPATH": "."},
            cwd=PAGES.parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _await(f"{url}/_stcore/health")
            yield url, laid
        finally:
            served.terminate()
            served.wait(timeout=30)


def _await(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise AssertionError(url)


def test_a_lost_api_is_said_and_the_page_comes_back(
    page: Page, office: Office, apart: tuple[str, Cable]
) -> None:
    url, laid = apart
    seated(page, office)
    page.goto(f"{url}/knowledge")
    expect(page.get_by_role("alert").filter(has_text=UNREACHED)).to_be_visible()
    laid.plug()
    page.get_by_role("button", name="ลองอีกครั้ง").click()
    expect(page.get_by_role("link", name="ค้นความรู้").first).to_be_visible()
    expect(page.locator("h1").first).to_be_visible()


def test_words_of_a_story_outlast_a_lost_api(
    page: Page, office: Office, apart: tuple[str, Cable]
) -> None:
    """The pages stand, the API behind them does not answer; what was written is still there."""
    url, laid = apart
    laid.plug()
    seated(page, office)
    page.goto(f"{url}/intake")
    leave_field(page, "ชื่อแฟ้ม", "บ้านริมทางรถไฟ")
    laid.pull()
    story = page.get_by_label("คำบอกเล่า", exact=True)
    story.fill(TOLD)
    story.blur()
    expect(page.get_by_role("alert").filter(has_text=UNREACHED)).to_be_visible()
    laid.plug()
    page.get_by_role("button", name="ลองอีกครั้ง").click()
    expect(page.get_by_label("คำบอกเล่า", exact=True)).to_have_value(TOLD)
    expect(page.get_by_label("ชื่อแฟ้ม", exact=True)).to_have_value("บ้านริมทางรถไฟ")
    assert urlsplit(page.url).path == "/intake"


def test_an_edit_outlasts_a_lost_api(page: Page, office: Office, apart: tuple[str, Cable]) -> None:
    url, laid = apart
    laid.plug()
    with signed(office) as http:
        case_id = a_case(http, "บ้านหลังสถานี")
        a_plan(http, case_id)
    seated(page, office)
    page.goto(f"{url}/case?case={case_id}")
    page.get_by_role("tab", name="แผนช่วยเหลือ").click()
    edit = page.locator('[class*="st-key-e-"] button').first
    expect(edit).to_be_visible()
    at_rest(page)
    edit.click()
    words = page.get_by_role("dialog").get_by_role("textbox")
    expect(words).to_have_count(2)
    at_rest(page)
    save = page.get_by_role("dialog").get_by_role("button", name="บันทึก")
    words.last.fill("ตรงกับที่เจ้าตัวเล่า")
    save.click()
    expect(page.get_by_text("review.unchanged")).to_be_visible()
    words.first.fill(TOLD)
    laid.pull()
    save.click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(UNREACHED)
    laid.plug()
    expect(words.first).to_have_value(TOLD)
    save.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".cmis-item", has_text=TOLD)).to_be_visible()


def test_a_story_outlasts_a_cut_line(page: Page, office: Office) -> None:
    """The line between the worker and the office is cut; nothing was left or pressed."""
    where, port = urlsplit(office.url), free_port()
    with cable(port, (str(where.hostname), int(where.port or 80))) as laid:
        laid.plug()
        seated(page, office)
        page.goto(f"http://127.0.0.1:{port}/intake")
        story = page.get_by_label("คำบอกเล่า", exact=True)
        expect(story).to_be_visible()
        at_rest(page)
        story.fill(TOLD)
        laid.pull()  # before the first of it is kept
        expect(page.locator(".cmis-kept[data-state=waits]")).to_be_visible()
        laid.plug()
        expect(page.locator(".cmis-kept[data-state=kept]")).to_be_visible()
        expect(page.get_by_label("คำบอกเล่า", exact=True)).to_have_value(TOLD)
        assert urlsplit(page.url).path == "/intake"
    with signed(office) as http:
        kept = {row["name"]: row["content"] for row in http.get("/me/drawer").json()}
        assert kept["intake"] == TOLD
        http.put("/me/drawer/intake", json={"content": ""})


def test_a_story_of_ten_thousand_letters_opens_a_case(page: Page, office: Office) -> None:
    story = SAMPLE.read_text(encoding="utf-8")
    story = (story * (10_000 // len(story) + 1))[:10_000]
    seated(page, office)
    page.goto(f"{office.url}/intake")
    leave_field(page, "ชื่อแฟ้ม", "เรื่องยาวมาก")
    leave_field(page, "คำบอกเล่า", story)
    page.get_by_role("button", name="เปิดรายกรณี").click()
    expect(page.get_by_role("heading", name="เรื่องยาวมาก")).to_be_visible()
    shown = page.locator(".cmis-story").inner_text()
    assert len(shown) >= len(story.strip())


def test_a_refresh_in_mid_edit_keeps_what_was_decided(page: Page, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "ครอบครัวริมบึง")
    seated(page, office)
    page.goto(f"{office.url}/case?case={case_id}")
    page.get_by_role("button", name="ใช่", exact=True).first.click()
    expect(page.get_by_text("คุณยืนยันแล้ว").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("คุณยืนยันแล้ว").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="ครอบครัวริมบึง")).to_be_visible()


def test_two_windows_on_one_case_see_each_other(browser: Browser, office: Office) -> None:
    with signed(office) as http:
        case_id = a_case(http, "สองหน้าต่าง")
    window = browser.new_context(locale="th-TH")
    first, second = window.new_page(), window.new_page()
    for tab in (first, second):
        seated(tab, office)
        tab.goto(f"{office.url}/case?case={case_id}")
        expect(tab.get_by_role("button", name="ใช่", exact=True).first).to_be_visible()
    first.get_by_role("button", name="ใช่", exact=True).first.click()
    expect(first.get_by_text("คุณยืนยันแล้ว").first).to_be_visible()
    second.get_by_role("button", name="ไม่ใช่", exact=True).first.click()
    expect(second.get_by_text("คุณเอาออกแล้ว").first).to_be_visible()
    first.reload()
    expect(first.get_by_text("คุณเอาออกแล้ว").first).to_be_visible()
    window.close()


def test_pages_fit_a_phone(page: Page, office: Office) -> None:
    seated(page, office)
    page.set_viewport_size(PHONE)
    for name in ("today", "cases", "intake", "referrals", "schemes"):
        page.goto(f"{office.url}/{name}")
        expect(page.locator("h1").first).to_be_visible()
        at_rest(page)
        assert (name, fits(page)) == (name, True)
