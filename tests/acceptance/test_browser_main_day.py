"""The main job as a case manager does it, in a real Chromium: sign in, intake, draft, approve."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import ARTIFACTS, Office
from tests.acceptance.desk_work import a_case, at_rest, seated, signed

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "samples" / "violence-at-home.txt"
LONG = 120_000
WAITS = "รอตรวจ"
PHONE = {"width": 390, "height": 844}


def shot(page: Page, name: str) -> None:
    """Keep what the page looks like now."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def nothing_broke(page: Page) -> None:
    """No page stands where Streamlit put an exception; how it looks does not matter."""
    expect(page.locator('[data-testid="stApp"]')).to_be_visible()
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def at_home(page: Page, office: Office, login: str = "somying.pmj") -> None:
    """On the first page of somebody who signed in before."""
    seated(page, office, login)
    page.goto(office.url)
    expect(page.locator('[data-testid="stApp"] h1').first).to_be_visible(timeout=LONG)


def sign_in(page: Page, office: Office, login: str = "somying.pmj") -> None:
    """Through the door, as a person does."""
    page.goto(f"{office.url}/login")
    page.get_by_label("ชื่อผู้ใช้").fill(login)
    page.get_by_label("รหัสผ่าน").fill(office.password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.locator('[data-testid="stApp"] h1').first).to_be_visible(timeout=LONG)


def open_case(page: Page, office: Office, title: str) -> None:
    """A new case with the sample's story, in its file."""
    with signed(office) as http:
        case_id = a_case(http, title, SAMPLE.read_text(encoding="utf-8"))
    seated(page, office)
    page.goto(f"{office.url}/case?case={case_id}")
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=LONG)


def bring_in(page: Page, title: str) -> None:
    """A new case through the intake page, as a person does."""
    page.get_by_role("link", name="รับเรื่องใหม่").first.click()
    page.get_by_label("ชื่อแฟ้ม", exact=True).fill(title)
    page.get_by_label("คำบอกเล่า", exact=True).fill(SAMPLE.read_text(encoding="utf-8"))
    page.get_by_label("คำบอกเล่า", exact=True).blur()
    page.get_by_role("button", name="เปิดรายกรณี").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=LONG)


def accept_every_section(page: Page) -> None:
    """Open each section that waits, read it, and accept it as a whole."""
    sections = page.locator('[data-testid="stExpander"]')
    approve = page.get_by_role("button", name="อนุมัติ", exact=True)
    expect(approve).to_be_visible(timeout=LONG)  # the page is drawn to its end
    for i in range(sections.count()):
        section, summary = sections.nth(i), sections.nth(i).locator("summary")
        if WAITS not in summary.inner_text():
            continue
        button = section.get_by_role("button", name=re.compile("รับทั้งหมวด"))
        if not button.is_visible():
            summary.click()
        at_rest(page)
        button.click(timeout=LONG)
        expect(summary).not_to_contain_text(WAITS, timeout=LONG)


def test_from_a_story_to_an_approved_plan(page: Page, office: Office) -> None:
    sign_in(page, office)
    bring_in(page, "ครอบครัวท้ายซอย")
    expect(page.locator(".cmis-story mark").first).to_be_visible()
    expect(page.locator(".cmis-alert").first).to_be_visible()
    shot(page, "case-codes")

    page.get_by_role("tab", name="แผนช่วยเหลือ").click()
    page.get_by_role("button", name="ร่างแผน").click()
    expect(page.get_by_text("ฉบับที่ 1")).to_be_visible(timeout=LONG)
    shot(page, "plan-review")
    accept_every_section(page)
    page.get_by_role("button", name="อนุมัติ", exact=True).click()
    expect(page.get_by_text("อนุมัติแล้วโดย สมหญิง")).to_be_visible(timeout=LONG)
    page.locator(".cmis-approved").scroll_into_view_if_needed()
    shot(page, "plan-approved")
    nothing_broke(page)


def test_the_pages_speak_english_and_fit_a_phone(page: Page, office: Office) -> None:
    at_home(page, office)
    page.get_by_text("English", exact=True).first.click()
    page.get_by_role("link", name="My cases").first.click(timeout=LONG)
    expect(page.get_by_role("heading", name="My cases")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name=re.compile("Open|New intake")).first).to_be_visible()
    shot(page, "cases-english")
    page.set_viewport_size(PHONE)
    expect(page.get_by_role("link", name="New intake")).not_to_be_in_viewport()
    expect(page.get_by_role("heading", name="My cases")).to_be_visible()
    shot(page, "cases-phone")
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0
    page.goto(f"{office.url}/intake")
    expect(page.get_by_role("heading", name="New intake")).to_be_visible(timeout=LONG)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_text("ไทย", exact=True).first.click()
    expect(page.get_by_role("heading", name="รับเรื่องใหม่")).to_be_visible(timeout=LONG)


def test_a_wrong_password_is_said_in_both_languages(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/login")
    page.get_by_label("ชื่อผู้ใช้").fill("somying.pmj")
    page.get_by_label("รหัสผ่าน").fill("ผิดแน่นอน")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("alert")).to_contain_text("ไม่ถูกต้อง")
    expect(page.get_by_role("alert")).to_contain_text("not right")


def test_nobody_sees_a_page_without_signing_in(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/")
    expect(page.get_by_role("link", name="ไปหน้าเข้าสู่ระบบ")).to_be_visible(timeout=LONG)
