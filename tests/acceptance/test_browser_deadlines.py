"""The time limits of all cases: counted by day, done, put off with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import SAMPLE, a_case, approved, fits, leave_field, seated, signed
from tests.acceptance.lifecycle import REGISTRATION
from tests.acceptance.test_browser_main_day import PHONE, shot

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def number(office: Office) -> Iterator[str]:
    """A case with a screening to do and the limits of its approved plan."""
    with signed(office) as http:
        case_id = a_case(http, "ครอบครัวหลังวัด", SAMPLE.read_text(encoding="utf-8"))
        entry = {"kind": "registration", "content": REGISTRATION | {"case_type": "other"}}
        http.post(f"/cases/{case_id}/entries", json=entry).raise_for_status()
        approved(http, case_id)
        yield str(http.get(f"/cases/{case_id}").json()["number"])


def limits(page: Page, office: Office) -> None:
    seated(page, office)
    page.goto(f"{office.url}/deadlines")
    expect(page.locator(".cmis-heat")).to_be_visible()


def row(page: Page, *words: str) -> Locator:
    """The box of a time limit that holds these words."""
    found = page.locator('[class*="st-key-limit-"]')
    for word in words:
        found = found.filter(has_text=word)
    return found.first


def test_limits_stand_by_hours_left_and_by_day(page: Page, office: Office, number: str) -> None:
    limits(page, office)
    expect(page.get_by_text(number).first).to_be_visible()
    expect(page.get_by_text("นับจาก:").first).to_be_visible()
    expect(page.locator(".cmis-heat td b").first).to_be_visible()
    shot(page, "deadlines")
    page.get_by_role("radio", name="เลยกำหนด").click()
    expect(page.get_by_text("คัดกรองและตอบรับเคส")).to_have_count(0)


def test_one_is_put_off_with_a_reason_that_stays(page: Page, office: Office, number: str) -> None:
    limits(page, office)
    screening(page, number)
    page.get_by_role("radio", name="เลื่อนออกไป").click()
    keep = page.get_by_role("button", name="บันทึกผล")
    expect(page.get_by_role("group", name="วันใหม่")).to_be_visible()
    expect(keep).to_be_disabled()
    leave_field(page, "เหตุผล", "ผู้แจ้งนัดใหม่")
    keep.click()
    expect(page.get_by_text("“ผู้แจ้งนัดใหม่”")).to_be_visible()
    expect(page.get_by_text("เดิมครบกำหนด")).to_be_visible()


def test_what_is_done_leaves_the_list(page: Page, office: Office, number: str) -> None:
    limits(page, office)
    screening(page, number)
    page.get_by_role("button", name="บันทึกผล").click()
    expect(page.get_by_text("บันทึกว่าทำแล้ว")).to_be_visible()
    expect(page.get_by_text("“ผู้แจ้งนัดใหม่”")).to_have_count(0)


def test_an_earlier_day_is_refused_kindly(page: Page, office: Office, number: str) -> None:
    with signed(office) as http:
        case_id = a_case(http, "นัดใหม่ไม่ได้")
        entry = {"kind": "registration", "content": REGISTRATION | {"case_type": "other"}}
        http.post(f"/cases/{case_id}/entries", json=entry).raise_for_status()
        other = http.get(f"/cases/{case_id}").json()["number"]
    limits(page, office)
    screening(page, other)
    page.get_by_role("radio", name="เลื่อนออกไป").click()
    year = page.get_by_role("spinbutton", name="year, วันใหม่")
    year.click()
    page.keyboard.type("2020")
    page.keyboard.press("Tab")
    leave_field(page, "เหตุผล", "ย้อนหลัง")
    page.get_by_role("button", name="บันทึกผล").click()
    expect(page.get_by_role("alert").filter(has_text="deadline.fixed")).to_be_visible()


def test_they_fit_a_phone(page: Page, office: Office, number: str) -> None:
    page.set_viewport_size(PHONE)
    limits(page, office)
    assert fits(page)
    shot(page, "deadlines-phone")


def screening(page: Page, number: str) -> None:
    """Open the screening of a case in the list."""
    box = row(page, number, "คัดกรองและตอบรับเคส")
    box.get_by_role("button", name="จัดการ").click()
    expect(page.get_by_role("button", name="บันทึกผล")).to_be_visible()
