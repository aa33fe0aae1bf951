"""A letter between two agencies as two people see it, and what waits for each of them today."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import at_rest
from tests.acceptance.test_browser_main_day import (
    LONG,
    SAMPLE,
    at_home,
    nothing_broke,
    open_case,
    shot,
)

pytestmark = pytest.mark.browser

SETTLED_MS = 1500  # the form has opened to its full height
TALL = {"width": 1280, "height": 1300}  # a list that must scroll closes itself
ASKED = "ขอที่พักชั่วคราวให้แม่กับลูกสองคนคืนนี้"


def test_a_letter_is_sent_acknowledged_and_accepted(page: Page, office: Office) -> None:
    page.set_default_timeout(LONG)
    page.set_viewport_size(TALL)
    open_case(page, office, "ครอบครัวหน้าตลาด")
    at_rest(page)
    page.get_by_role("tab", name="หนังสือส่งต่อ").click()
    page.get_by_text("เขียนหนังสือส่งต่อ").click()
    page.wait_for_timeout(SETTLED_MS)
    choose(page, "ถึงหน่วยงาน", "บ้านพักเด็กและครอบครัว")
    choose(page, "วัตถุประสงค์", "ที่พักพิงและความปลอดภัย")
    choose(page, "ฐานในการเปิดเผยข้อมูล", "ป้องกันอันตรายต่อชีวิต")
    expect(page.get_by_label("เหตุที่ใช้ฐานนี้")).to_be_visible(timeout=LONG)
    page.get_by_label("ขอให้ช่วยเรื่องใด").fill(ASKED)
    page.get_by_label("เหตุที่ใช้ฐานนี้").fill("ถูกขู่ฆ่าคืนนี้ ติดต่อเจ้าตัวเพื่อขอความยินยอมไม่ได้")
    page.get_by_label("เหตุที่ใช้ฐานนี้").blur()
    page.get_by_role("button", name="ส่งหนังสือ").click()
    expect(page.get_by_text("รอตอบ").first).to_be_visible(timeout=LONG)
    page.get_by_role("tab", name="ขั้นตอนและกำหนดเวลา").click()
    expect(page.get_by_text("ขั้นตอนปัจจุบัน").first).to_be_visible(timeout=LONG)
    shot(page, "case-steps")
    page.get_by_role("link", name="วันนี้").first.click()
    expect(page.get_by_role("heading", name="อันตรายเร่งด่วน")).to_be_visible(timeout=LONG)
    shot(page, "today")


@pytest.fixture
def sent(office: Office) -> str:
    """A letter of its own for the other agency: its words, found nowhere else."""
    asked = f"ขอที่พักฉุกเฉิน {uuid.uuid4().hex[:8]}"
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=60) as http:
        who = {"login": "somying.pmj", "password": office.password}
        http.headers["Authorization"] = f"Bearer {http.post('/login', json=who).json()['token']}"
        case = http.post("/cases", json={"narrative": SAMPLE.read_text(encoding="utf-8")}).json()
        letter = {
            "to_agency": "bpd",
            "purpose": "protection",
            "basis": "life_at_risk",
            "basis_reason": "ถูกขู่ฆ่าคืนนี้",
            "requested": asked,
        }
        answer = http.post(f"/cases/{case['id']}/referrals", json=letter)
        assert answer.status_code == httpx.codes.CREATED, answer.text
    return asked


def test_the_other_agency_answers(browser: Browser, office: Office, sent: str) -> None:
    window = browser.new_context(viewport={"width": 1280, "height": 900}, locale="th-TH")
    page = window.new_page()
    page.set_default_timeout(LONG)
    at_home(page, office, "malee.bpd")
    page.get_by_role("link", name="วันนี้").first.click()
    expect(page.get_by_text(sent).first).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="หนังสือส่งต่อ").first.click()
    expect(page.get_by_role("tab").first).to_be_visible(timeout=LONG)
    at_rest(page)
    letter = page.locator('[data-testid="stVerticalBlock"]').filter(
        has=page.get_by_text(sent), has_not=page.get_by_role("tab")
    )
    letter = letter.last
    letter.get_by_role("button", name="ลงรับหนังสือ").click()
    expect(letter.get_by_role("button", name="ลงรับหนังสือ")).to_have_count(0, timeout=LONG)
    letter.get_by_role("button", name=re.compile("(?<!ไม่)รับเรื่อง$")).click()
    page.get_by_role("button", name="ยืนยันรับเรื่อง").click()
    expect(letter.get_by_text("รับเรื่องแล้ว")).to_be_visible(timeout=LONG)
    shot(page, "referrals")
    letter.get_by_role("button", name="เปิดแฟ้ม").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=LONG)
    nothing_broke(page)
    window.close()


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box by the beginning of its words."""
    at_rest(page)
    page.get_by_label(label).first.click()
    page.wait_for_timeout(SETTLED_MS)
    page.get_by_role("option", name=option).first.click()
