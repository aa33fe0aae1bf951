"""The plan decided with the keyboard alone."""

from __future__ import annotations

import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import at_rest, seated
from tests.acceptance.test_browser_main_day import LONG, SAMPLE, nothing_broke

pytestmark = pytest.mark.browser
AT = ".cmis-item.at"


@pytest.fixture(scope="module")
def case_id(office: Office) -> str:
    """A case with a draft for these tests."""
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=120) as http:
        who = {"login": "somying.pmj", "password": office.password}
        http.headers["Authorization"] = f"Bearer {http.post('/login', json=who).json()['token']}"
        story = SAMPLE.read_text(encoding="utf-8")
        made = str(http.post("/cases", json={"narrative": story}).json()["id"])
        http.post(f"/cases/{made}/drafts")
        until = time.monotonic() + 120
        while http.get(f"/cases/{made}").json()["latest_run"]["status"] != "done":
            assert time.monotonic() < until
            time.sleep(0.5)
    return made


def test_sentences_are_chosen_accepted_and_taken_back(
    page: Page, office: Office, case_id: str
) -> None:
    page.set_default_timeout(LONG)
    seated(page, office)
    page.goto(f"{office.url}/case?case={case_id}")
    at_rest(page)
    page.get_by_role("tab", name="แผนช่วยเหลือ").click()
    expect(page.locator(".cmis-item[data-sentence]").first).to_be_visible(timeout=LONG)
    at_rest(page)
    page.keyboard.press("j")
    expect(page.locator(AT)).to_have_count(1, timeout=LONG)
    first = page.locator(AT).get_attribute("data-sentence")
    item = page.locator(f'.cmis-item[data-sentence="{first}"]')
    page.keyboard.press("a")
    expect(item).to_contain_text("✓", timeout=LONG)
    expect(page.locator(f".st-key-u-{first}")).to_be_visible(timeout=LONG)
    at_rest(page)
    page.keyboard.press("u")
    expect(item).not_to_contain_text("✓", timeout=LONG)
    nothing_broke(page)
