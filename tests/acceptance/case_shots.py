"""Today, the overview, letters, schemes and every part of a case for ``make screenshots``."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import at_rest
from tests.acceptance.test_browser_main_day import LONG, PHONE
from ui.words import say

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
TALL = 1500
PAGES = ("today", "overview", "referrals", "schemes")
PARTS = ("steps", "people", "timeline", "letters")
WHO = "somying.pmj"


def parts(browser: Browser, office: Office, title: str) -> None:
    """Every page and part in both languages and at phone width; English in the dark scheme."""
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=60) as http:
        who = {"login": WHO, "password": office.password}
        http.headers["Authorization"] = f"Bearer {http.post('/login', json=who).json()['token']}"
        case_id = http.get("/cases", params={"q": title}).json()["items"][0]["id"]
        for name, size in (("th", DESKTOP), ("en", DESKTOP), ("phone", PHONE)):
            lang = "en" if name == "en" else "th"
            http.put("/me/language", json={"language": lang})
            scheme = "dark" if name == "en" else "light"
            window = browser.new_context(viewport=size, locale="th-TH", color_scheme=scheme)
            _walk(window.new_page(), office, case_id, name, lang)
            window.close()
        http.put("/me/language", json={"language": "th"})


def seen_before(office: Office) -> None:
    """The first steps were seen, so that no picture but their own holds them."""
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=60) as http:
        who = {"login": WHO, "password": office.password}
        http.headers["Authorization"] = f"Bearer {http.post('/login', json=who).json()['token']}"
        http.put("/me/drawer/tour", json={"content": "seen"})


def _walk(page: Page, office: Office, case_id: str, name: str, lang: str) -> None:
    page.set_default_timeout(LONG)
    page.goto(f"{office.url}/login")
    page.fill("#login", WHO)
    page.fill("#password", office.password)
    page.click("button[type=submit]")
    expect(page.locator("h1").first).to_be_visible(timeout=LONG)
    for path in PAGES:
        page.goto(f"{office.url}/{path}")
        expect(page.get_by_role("heading", name=say(f"{path}.title", lang))).to_be_visible()
        _keep(page, path, name)
    page.goto(f"{office.url}/case?case={case_id}")
    for part in PARTS:
        page.get_by_role("tab", name=say(f"case.{part}", lang)).click()
        _keep(page, f"case-{part}", name)


def _keep(page: Page, what: str, name: str) -> None:
    size = page.viewport_size or DESKTOP
    at_rest(page)
    for graph in page.get_by_test_id("stGraphVizChart").all():
        expect(graph.locator("svg")).to_be_visible()
    page.wait_for_timeout(1000)  # fonts and the last widgets
    page.mouse.move(0, 0)  # nothing under the pointer looks pressed
    page.set_viewport_size({"width": size["width"], "height": TALL})
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / f"{what}-{name}.png")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
