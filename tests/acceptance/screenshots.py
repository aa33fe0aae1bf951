"""``make screenshots``: every page in Thai, English and at phone width, into docs/screenshots."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Office, opened_browser, served_office
from tests.acceptance.test_browser_main_day import LONG, PHONE, open_case, sign_in

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
TITLE = "ครอบครัวท้ายซอย"
ENGLISH = ("My cases", "New intake", "Search knowledge", "Open", "Care plan", "Story and codes")
THAI = ("รายกรณีของฉัน", "รับเรื่องใหม่", "ค้นความรู้", "เปิดแฟ้ม", "แผนช่วยเหลือ", "เรื่องเล่าและรหัส")


def main() -> None:
    """Serve a demo office, walk through it and keep what is seen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served_office() as office, opened_browser() as browser:
        _prepare(browser, office)
        for name, size, words in (
            ("th", DESKTOP, THAI),
            ("en", DESKTOP, ENGLISH),
            ("phone", PHONE, THAI),
        ):
            _walk(browser, office, name, size, words)


def _prepare(browser: Browser, office: Office) -> None:
    page = browser.new_page(viewport=DESKTOP)
    sign_in(page, office)
    open_case(page, office, TITLE)
    page.get_by_role("tab", name=THAI[4]).click()
    page.get_by_role("button", name="ร่างแผน").click()
    expect(page.get_by_text("ฉบับที่ 1")).to_be_visible(timeout=LONG)
    page.close()


def _walk(
    browser: Browser, office: Office, name: str, size: dict[str, int], words: tuple[str, ...]
) -> None:
    window = browser.new_context(viewport=size, locale="th-TH")
    page = window.new_page()
    page.goto(f"{office.url}/login")
    _shot(page, "login", name)
    sign_in(page, office)
    if name == "en":
        page.get_by_text("English", exact=True).first.click()
    cases, _, _, opened, plan, story = words
    expect(page.get_by_role("heading", name=cases)).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name=opened, exact=True).first).to_be_visible(timeout=LONG)
    _shot(page, "cases", name)
    page.get_by_role("button", name=opened, exact=True).first.click()
    expect(page.get_by_role("tab", name=story)).to_be_visible(timeout=LONG)
    _shot(page, "case-codes", name)
    page.get_by_role("tab", name=plan).click()
    expect(page.locator('[data-testid="stExpander"]').nth(5)).to_be_visible(timeout=LONG)
    _shot(page, "plan-review", name)
    for path in ("intake", "knowledge"):
        _page(page, office, path, name)
    if name == "en":
        page.get_by_text("ไทย", exact=True).first.click()
        expect(page.get_by_role("link", name="รายกรณีของฉัน")).to_be_visible(timeout=LONG)
    window.close()


def _page(page: Page, office: Office, path: str, name: str) -> None:
    """A page by its address: a new session of the pages, in the person's stored language."""
    page.goto(f"{office.url}/{path}")
    expect(page.locator("h1").first).to_be_visible(timeout=LONG)
    if path == "knowledge":
        page.get_by_role("textbox").first.fill("ใครต้องแจ้งเมื่อพบเด็กถูกทำร้าย")
        page.keyboard.press("Enter")
        expect(page.get_by_text("child-protection-2546#29").first).to_be_visible(timeout=LONG)
    _shot(page, path, name)


def _shot(page: Page, what: str, name: str) -> None:
    page.wait_for_timeout(1500)  # fonts and the last widgets
    page.screenshot(path=FOLDER / f"{what}-{name}.png")


if __name__ == "__main__":
    main()
