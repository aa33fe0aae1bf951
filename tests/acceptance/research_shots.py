"""The Research page for ``make screenshots``, also by itself: two runs, one of them read."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Office, opened_browser, served_office
from tests.acceptance.test_browser_main_day import LONG, PHONE
from tests.acceptance.test_browser_research import ended, researcher

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
WORDS = {"th": ("งานวิจัย", "อ่านผล"), "en": ("Research", "Read")}
RUNS = (("eligibility", 40), ("coding", 12))


def research(browser: Browser, office: Office) -> None:
    """Measure a little, then keep the page in both languages and at phone width."""
    with researcher(office) as http:
        for experiment, limit in RUNS:
            body = {"experiment": experiment, "limit": limit}
            ended(http, http.post("/research/runs", json=body).json()["id"])
        for name, size in (("th", DESKTOP), ("en", DESKTOP), ("phone", PHONE)):
            lang = "en" if name == "en" else "th"
            http.put("/me/language", json={"language": lang})
            page = browser.new_page(viewport=size, locale="th-TH")
            _sign_in(page, office)
            _look(page, office, name, *WORDS[lang])
            page.close()


def _sign_in(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/login")
    page.get_by_label("ชื่อผู้ใช้").fill("researcher")
    page.get_by_label("รหัสผ่าน").fill(office.password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.locator('[data-testid="stSidebarNavLink"]').first).to_be_visible(timeout=LONG)


def _look(page: Page, office: Office, name: str, title: str, read: str) -> None:
    page.goto(f"{office.url}/research")
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=LONG)
    button = page.get_by_role("button", name=read, exact=True).first
    expect(button).to_be_visible(timeout=LONG)
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / f"research-{name}.png")
    button.click()
    expect(page.get_by_role("cell", name="micro_f1").first).to_be_visible(timeout=LONG)
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / f"research-figures-{name}.png")


if __name__ == "__main__":
    with served_office() as served, opened_browser() as chromium:
        research(chromium, served)
