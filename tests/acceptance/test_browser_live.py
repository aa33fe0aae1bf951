"""What colleagues do shows on open pages by itself, and leaves what is being typed alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import a_case, at_rest, seated, signed

pytestmark = pytest.mark.browser

COLLEAGUE, SHELTER = "wichai.pmj", "malee.bpd"
WITHIN_S = (
    20  # far from the minute a page without a stream waits; docs/benchmarks.md has the figure
)
LETTER = {"to_agency": "bpd", "purpose": "protection", "requested": "ขอที่พักให้แม่กับลูกคืนนี้"}
DANGER = {"basis": "life_at_risk", "basis_reason": "ถูกขู่ฆ่าคืนนี้"}
STREAM = "window.cmisLive && window.cmisLive.open"
LOW = {"width": 1280, "height": 320}
PLACE = """document.querySelector('[data-testid="stMain"]').scrollTop"""


def watching(page: Page, office: Office, address: str) -> None:
    """A page that stands still and hears of changes."""
    page.goto(f"{office.url}/{address}")
    at_rest(page)
    page.wait_for_function(STREAM)
    page.wait_for_timeout(800)  # the server listens on a connection of its own, just opened


def shows(act: Callable[[], object], what: Locator) -> None:
    """An act of somebody else has its sign on the page."""
    act()
    expect(what).to_be_visible(timeout=WITHIN_S * 1000)


def count(page: Page) -> int:
    """What the side bar says."""
    words = page.get_by_test_id("stSidebar").get_by_text(re.compile("แจ้งเตือนใหม่")).all_inner_texts()
    return int(re.sub(r"\D", "", words[0])) if words else 0


def test_colleagues_changes_show_by_themselves(
    context: BrowserContext, page: Page, office: Office
) -> None:
    seated(page, office)
    today = context.new_page()
    watching(today, office, "today")
    watching(page, office, "cases")
    before = count(page)
    box = page.get_by_label("ค้นหาแฟ้ม", exact=True)
    box.press_sequentially("พิมพ์ค้างไว้")
    page.set_viewport_size(LOW)
    page.evaluate(PLACE + " = 90")
    with signed(office, COLLEAGUE) as http:
        made = f"เคสของเพื่อนร่วมงาน {time.time_ns()}"
        shows(lambda: a_case(http, made), page.get_by_text(made))
    assert box.input_value() == "พิมพ์ค้างไว้"
    assert box.evaluate("field => field === document.activeElement")
    assert page.evaluate(PLACE) == 90
    with signed(office) as http:
        case = a_case(http, "ครอบครัวริมคลองแสนแสบ")
        number = http.get(f"/cases/{case}").json()["number"]
        sent = http.post(f"/cases/{case}/referrals", json=LETTER | DANGER).raise_for_status()
    with signed(office, SHELTER) as http:
        answer = f"/referrals/{sent.json()['id']}/accept"
        told = today.get_by_text(f"หน่วยรับตอบรับหนังสือของเคส {number} แล้ว")
        shows(lambda: http.post(answer, json={}).raise_for_status(), told)
    expect(page.get_by_test_id("stSidebar").get_by_text(f"{before + 1} เรื่อง")).to_be_visible()
    today.bring_to_front()
    line = today.locator('[class*="st-key-noticed-"]', has_text=number)
    line.get_by_role("button", name="เปิดดู").click()
    expect(today.get_by_role("tab", name="หนังสือส่งต่อ", selected=True)).to_be_visible()
    at_rest(today)
    assert count(today) == before
    today.close()
