"""The interview about schemes: answer, say that it is not known, take back, start over."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import at_rest
from tests.acceptance.test_browser_main_day import LONG, at_home

pytestmark = pytest.mark.browser


def test_an_answer_moves_the_verdicts_and_can_be_taken_back(page: Page, office: Office) -> None:
    page.set_default_timeout(LONG)
    at_home(page, office)
    page.get_by_role("link", name="สิทธิและสวัสดิการ").first.click()
    expect(page.get_by_text("คำตอบข้อนี้ชี้ขาดได้")).to_be_visible(timeout=LONG)
    keep = page.get_by_role("button", name="บันทึกคำตอบ")
    expect(keep).to_be_disabled()
    at_rest(page)
    before = page.get_by_role("tab").all_inner_texts()

    page.locator('[data-testid="stRadio"]').get_by_text("ไม่มีสัญชาติ", exact=True).click()
    keep.click()
    expect(page.get_by_text("สัญชาติ", exact=True).first).to_be_visible(timeout=LONG)
    expect(keep).to_be_disabled(timeout=LONG)
    expect(page.get_by_role("tab").last).not_to_have_text(before[-1], timeout=LONG)

    at_rest(page)
    page.get_by_role("button", name="ไม่ทราบ").click()
    at_rest(page)
    expect(page.get_by_role("button", name="เริ่มใหม่")).to_be_visible(timeout=LONG)
    page.locator('[class*="st-key-undo-nationality"] button').first.click()
    expect(page.locator('[class*="st-key-undo-nationality"]')).to_have_count(0, timeout=LONG)
    page.get_by_role("button", name="เริ่มใหม่").click()
    expect(page.get_by_text("ยังไม่มีคำตอบ")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("tab").last).to_have_text(before[-1])
