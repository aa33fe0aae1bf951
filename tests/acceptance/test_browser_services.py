"""Letters, consents and services as the two sides of a letter do them on the pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import (
    a_case,
    at_rest,
    drawer,
    fits,
    leave_field,
    listed,
    seated,
    signed,
)
from tests.acceptance.test_browser_accessible import shaded
from tests.acceptance.test_browser_main_day import PHONE, shot

pytestmark = pytest.mark.browser

SHELTER, RECEIVER = "บ้านพักเด็กและครอบครัว", "malee.bpd"
TALL = {"width": 1280, "height": 2400}  # a list that must scroll closes itself
LETTER = {"to_agency": "bpd", "purpose": "protection", "requested": "ขอที่พักให้แม่กับลูกคืนนี้"}
DANGER = {"basis": "life_at_risk", "basis_reason": "ถูกขู่ฆ่าคืนนี้"}
TAKE = re.compile("(?<!ไม่)รับเรื่อง$")
CONSENT = {"subject": "มาลี", "purpose": "protection", "recipients": ["bpd"], "given_by": "self"}


@pytest.fixture
def case_id(office: Office) -> str:
    with signed(office) as http:
        return a_case(http, "ครอบครัวริมบึง")


def sent(office: Office, case_id: str, **more: object) -> str:
    """The id of a letter to the shelter."""
    with signed(office) as http:
        answer = http.post(f"/cases/{case_id}/referrals", json=LETTER | DANGER | more)
        return str(answer.raise_for_status().json()["id"])


def answered(office: Office, letter_id: str, verb: str, **said: str) -> None:
    with signed(office, RECEIVER) as http:
        http.post(f"/referrals/{letter_id}/{verb}", json=said).raise_for_status()


def on_tab(page: Page, office: Office, case_id: str, tab: str, login: str = "somying.pmj") -> None:
    page.set_viewport_size(TALL)
    seated(page, office, login)
    page.goto(f"{office.url}/case?case={case_id}")
    at_rest(page)
    page.get_by_role("tab", name=tab).click()
    at_rest(page)


def pressed(page: Page, words: str) -> None:
    """Press a button by the end of its name; its sign stands before."""
    at_rest(page)
    page.get_by_role("button", name=re.compile(f"{re.escape(words)}$")).first.click()


def chosen(page: Page, label: str, words: str) -> None:
    box = listed(page, re.compile(re.escape(label)), words)
    box.press("ArrowDown")
    box.press("Enter")


def mine(page: Page, words: str, holding: Locator) -> Locator:
    """The innermost frame around these words and something else it holds."""
    frames = page.locator('[data-testid="stVerticalBlock"]')
    return frames.filter(has_text=words).filter(has=holding).last


def test_services_are_asked_for_taken_on_and_reported_by_both_sides(
    page: Page, browser: Browser, office: Office, case_id: str
) -> None:
    on_tab(page, office, case_id, "หนังสือส่งต่อ")
    drawer(page, "เขียนหนังสือส่งต่อ")
    chosen(page, "ถึงหน่วยงาน", SHELTER)
    chosen(page, "วัตถุประสงค์", "ที่พักพิงและความปลอดภัย")
    chosen(page, "ฐานในการเปิดเผยข้อมูล", "ป้องกันอันตรายต่อชีวิต")
    expect(page.get_by_text("ส่งได้ทันที")).to_be_visible()
    at_rest(page)
    leave_field(page, "ขอให้ช่วยเรื่องใด", "ขอที่พักริมบึงคืนนี้")
    drawer(page, "บริการที่ขอ ส่วนของแฟ้ม")
    leave_field(page, "บริการอื่นที่ขอ (บรรทัดละหนึ่งอย่าง)", "ที่พัก 7 คืน\nตรวจร่างกาย")
    pressed(page, "ส่งหนังสือ")
    expect(page.get_by_role("alert").filter(has_text="เหตุที่ใช้ฐานนี้")).to_be_visible()
    expect(page.get_by_label("ขอให้ช่วยเรื่องใด")).to_have_value("ขอที่พักริมบึงคืนนี้")
    leave_field(page, "เหตุที่ใช้ฐานนี้", "ถูกขู่ฆ่าคืนนี้")
    pressed(page, "ส่งหนังสือ")
    expect(page.get_by_text("รอตอบ").first).to_be_visible()
    with signed(office) as http:
        letter = http.get(f"/cases/{case_id}/referrals").json()[0]
    assert [s["text"] for s in letter["services"]] == ["ที่พัก 7 คืน", "ตรวจร่างกาย"]

    window = browser.new_context(viewport={"width": 1280, "height": 2400}, locale="th-TH")
    shelter = window.new_page()
    seated(shelter, office, RECEIVER)
    shelter.goto(f"{office.url}/referrals")
    at_rest(shelter)
    asked = mine(shelter, "ขอที่พักริมบึงคืนนี้", shelter.get_by_role("button", name=TAKE))
    asked.locator("summary").click()
    expect(asked.get_by_text("ถูกขู่ฆ่าคืนนี้")).to_be_visible()
    at_rest(shelter)
    asked.get_by_role("button", name=TAKE).click()
    leave_field(shelter, "ข้อความถึงอีกหน่วยงาน (ถ้ามี)", "ไปรับหกโมงเย็น")
    pressed(shelter, "ยืนยันรับเรื่อง")
    expect(shelter.get_by_text("ไปรับหกโมงเย็น")).to_be_visible()

    on_tab(shelter, office, case_id, "ขั้นตอนและกำหนดเวลา", RECEIVER)
    expect(shelter.get_by_text("วางแผนบริการของหน่วยงานเรา")).to_have_count(0)
    on_tab(page, office, case_id, "ขั้นตอนและกำหนดเวลา")
    for side in (shelter, page):
        mine(side, "ที่พัก 7 คืน", side.locator("summary")).locator("summary").click()
        at_rest(side)
        leave_field(side, "ผลเป็นอย่างไร", "เข้าพักแล้ว" if side is shelter else "โทรถามแล้ว")
        side.get_by_role("radio", name="กำลังให้บริการ").click()
    pressed(shelter, "บันทึกรายงาน")
    expect(shelter.get_by_text("เข้าพักแล้ว · มาลี")).to_be_visible()
    pressed(page, "บันทึกรายงาน")
    expect(page.get_by_role("alert").filter(has_text="รายงานบริการนี้ไปก่อนแล้ว")).to_be_visible()
    expect(page.get_by_label("ผลเป็นอย่างไร")).to_have_value("โทรถามแล้ว")
    shot(page, "service-conflict")
    pressed(page, "บันทึกรายงาน")
    expect(page.get_by_text("โทรถามแล้ว · สมหญิง")).to_be_visible()
    window.close()


def test_a_service_of_ones_own_is_planned(page: Page, office: Office, case_id: str) -> None:
    on_tab(page, office, case_id, "ขั้นตอนและกำหนดเวลา")
    drawer(page, "วางแผนบริการของหน่วยงานเรา")
    pressed(page, "เพิ่มบริการ")
    expect(page.get_by_role("alert").filter(has_text="โปรดเขียนว่าบริการคืออะไร")).to_be_visible()
    leave_field(page, "บริการคืออะไร", "เยี่ยมบ้านทุกสัปดาห์")
    pressed(page, "เพิ่มบริการ")
    expect(page.get_by_text("วางแผนไว้")).to_be_visible()


def test_a_declined_letter_is_written_again_and_a_transfer_says_what_it_waits_for(
    page: Page, office: Office, case_id: str
) -> None:
    first = sent(office, case_id, services=[{"text": "ที่พัก 3 คืน"}])
    answered(office, first, "reject", reason_code="no_capacity", comment="ห้องเต็ม")
    on_tab(page, office, case_id, "หนังสือส่งต่อ")
    pressed(page, "เขียนใหม่แทนฉบับนี้")
    at_rest(page)
    expect(page.get_by_label("ขอให้ช่วยเรื่องใด")).to_have_count(0)
    page.get_by_role("radio", name="โอนเคส").click()
    chosen(page, "ถึงหน่วยงาน", "ศูนย์ประสานงาน")
    expect(page.get_by_text("ทั้งแฟ้มจะย้ายไป")).to_be_visible()
    expect(page.get_by_text("อนุมัติการโอนเคสแล้ว")).to_be_visible()
    expect(page.get_by_label("ขอให้ช่วยเรื่องใด")).to_have_value(LETTER["requested"])
    pressed(page, "ส่งหนังสือ")
    expect(page.get_by_text("โอนเคส").first).to_be_visible()
    with signed(office) as http:
        made = http.get(f"/cases/{case_id}/referrals").json()[-1]
    assert (made["kind"], made["replaces"]) == ("transfer", first)
    assert [s["text"] for s in made["services"]] == ["ที่พัก 3 คืน"]
    pressed(page, "ถอนหนังสือ")
    chosen(page, "เหตุผล", "ไม่จำเป็นแล้ว")
    pressed(page, "ยืนยันถอนหนังสือ")
    expect(page.get_by_text("ไม่จำเป็นแล้ว").first).to_be_visible()


def test_a_childs_consent_is_recorded_and_a_withdrawn_one_closes_the_case(
    page: Page, office: Office, case_id: str
) -> None:
    with signed(office) as http:
        body = CONSENT | {"method": "written"}
        given = http.post(f"/cases/{case_id}/consents", json=body).raise_for_status().json()["id"]
    letter = sent(office, case_id, basis="consent", basis_reason=None, consent_id=given)
    answered(office, letter, "accept")
    on_tab(page, office, case_id, "หนังสือส่งต่อ")
    drawer(page, "บันทึกความยินยอมใหม่")
    chosen(page, "วัตถุประสงค์", "การเรียน")
    chosen(page, "ให้หน่วยงานใดทราบได้", "โรงเรียน")
    page.keyboard.press("Escape")
    at_rest(page)
    leave_field(page, "ชื่อผู้ให้ความยินยอม", "ด.ช.ก้าน")
    leave_field(page, "อายุ (ปี)", "12")
    expect(page.get_by_text("ผู้เยาว์: ผู้ปกครอง")).to_be_visible()
    pressed(page, "บันทึกความยินยอม")
    expect(page.get_by_role("alert").filter(has_text="ความเห็นของเด็ก")).to_be_visible()
    leave_field(page, "ความเห็นของเด็ก (ต้องมี)", "อยากกลับไปเรียน")
    pressed(page, "บันทึกความยินยอม")
    drawer(page, "ความยินยอมของเคสนี้")
    expect(page.get_by_text("อยากกลับไปเรียน")).to_be_visible()
    take_back = page.get_by_role("button", name=re.compile("ถอนความยินยอม"))
    mine(page, "→ " + SHELTER, take_back).get_by_role("button").click()
    warned = page.get_by_role("alert").filter(has_text="จะไม่เห็นเคสนี้อีกทันที")
    expect(warned).to_contain_text(SHELTER)
    leave_field(page, "ถอนเพราะอะไร", "เปลี่ยนใจแล้ว")
    pressed(page, "ยืนยันถอน")
    expect(page.get_by_text("เพราะ เปลี่ยนใจแล้ว")).to_be_visible()
    with signed(office, RECEIVER) as http:
        assert http.get(f"/cases/{case_id}").status_code == 404


def test_the_open_drawers_are_accessible_and_fit_a_phone(
    page: Page, office: Office, case_id: str
) -> None:
    sent(office, case_id, services=[{"text": "ที่พัก 7 คืน"}])
    on_tab(page, office, case_id, "หนังสือส่งต่อ")
    for words in ("อ่านทั้งฉบับ", "เขียนหนังสือส่งต่อ", "ความยินยอมของเคสนี้", "บันทึกความยินยอมใหม่"):
        drawer(page, words)
    found = {"letters": shaded(page)}
    page.set_viewport_size(PHONE)
    assert fits(page)
    shot(page, "letters-phone")
    on_tab(page, office, case_id, "ขั้นตอนและกำหนดเวลา")
    drawer(page, "วางแผนบริการของหน่วยงานเรา")
    found["services"] = shaded(page)
    assert {name: places for name, places in found.items() if places} == {}
