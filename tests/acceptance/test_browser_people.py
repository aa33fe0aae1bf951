"""The people of a case at the screen: added, corrected by two, tied, told of, kept and erased."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

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

STORY = (
    "ผู้แจ้งคือนางบุญเรือน ทองสุกใส เป็นแม่ของผู้เสียหาย แจ้งว่าลูกสาวชื่อ น.ส.กาญจนา ทองสุกใส อายุ 25 ปี "
    "ถูกนายสมหมาย แข็งขันดี สามี ตบหน้าและบีบคอ ห้องเช่าค้างมาสองเดือน"
)
CORRECT, TIES, ADD, HOLD = "กาญจนา", "ความสัมพันธ์เป็นคำ", "เพิ่มคนในรายนี้", "ระงับการลบข้อมูล"
TELL = "บอกข้อเท็จจริงที่เรื่องเล่าไม่ได้พูดถึง"


@pytest.fixture(scope="module")
def case_id(office: Office) -> str:
    with signed(office) as http:
        return a_case(http, "คนในบ้านริมบึง", STORY)


def people(office: Office, case_id: str) -> dict[str, Any]:
    """Who is in the case and how they are tied, as kept."""
    with signed(office) as http:
        return dict(http.get(f"/cases/{case_id}/persons").json())


def named(office: Office, case_id: str, given: str) -> dict[str, Any]:
    """The one person of the case with a given name."""
    found = people(office, case_id)["persons"]
    (one,) = [p for p in found if p["identity"] and p["identity"]["given_name"] == given]
    return dict(one)


def fact(office: Office, case_id: str, field: str) -> dict[str, Any]:
    with signed(office) as http:
        found = {f["field"]: f for f in http.get(f"/cases/{case_id}/facts").json()}
        return dict(found[field])


def enter(page: Page, office: Office, case_id: str, login: str = "somying.pmj") -> None:
    seated(page, office, login)
    page.set_viewport_size({"width": 1280, "height": 3000})  # lists close where they must scroll
    page.goto(f"{office.url}/case?case={case_id}")
    page.get_by_role("tab", name="คนและครอบครัว").click()
    expect(page.get_by_text("ข้อเท็จจริงของครัวเรือน")).to_be_visible()
    at_rest(page)


def press(place: Page | Locator, name: str) -> None:
    """A button, once what stands before it was drawn."""
    place.get_by_role("button", name=name, exact=True).first.click()


def choose(page: Page, label: str, words: str) -> None:
    listed(page, re.compile(label), words)
    page.get_by_role("option", name=words, exact=True).first.click()
    at_rest(page)


def everything_open(page: Page) -> dict[str, Any]:
    """What is grave with every drawer open, in light and dark; it fits a phone as well."""
    for words in (TIES, ADD, TELL):
        drawer(page, words)
    found = shaded(page)
    page.set_viewport_size(PHONE)
    at_rest(page)
    assert fits(page)
    shot(page, "people-phone")
    return found


def test_somebody_is_added_and_who_is_known_already_is_linked(
    page: Page, office: Office, case_id: str
) -> None:
    with signed(office) as http:
        other = a_case(http, "เรื่องเก่าของป้า", "ป้ามาขอคำปรึกษา")
        known = {"given_name": "พิกุลแก้ว", "family_name": "มหาสมบัติ"}
        body = {"role": "client", "identity": known}
        aunt = http.post(f"/cases/{other}/persons", json=body).raise_for_status().json()["id"]
    enter(page, office, case_id)
    drawer(page, ADD)
    choose(page, "บทบาทในรายนี้", "ผู้ปกครอง")
    leave_field(page, "ชื่อ", "พิกุลแก้ว")
    leave_field(page, "นามสกุล", "มหาสมบัติ")
    leave_field(page, "เลข 13 หลัก", "1234567890123")
    press(page, "เพิ่มคนนี้")
    expect(page.get_by_role("alert").filter(has_text="person.id_wrong")).to_be_visible()
    expect(page.get_by_label("นามสกุล", exact=True)).to_have_value("มหาสมบัติ")
    leave_field(page, "เลข 13 หลัก", "")
    press(page, "เพิ่มคนนี้")
    expect(page.get_by_text("หน่วยงานอาจรู้จักคนนี้แล้ว")).to_be_visible()
    at_rest(page)
    page.locator(f".st-key-link-{case_id}-{aunt} button").click()
    expect(page.get_by_role("radio", name="มีแฟ้มแล้วไหม")).to_be_checked()
    at_rest(page)
    assert named(office, case_id, "พิกุลแก้ว")["id"] == aunt


def test_two_correct_one_person_and_both_texts_stand(
    page: Page, office: Office, case_id: str
) -> None:
    enter(page, office, case_id)
    assert page.locator('[data-testid="stExpander"] details[open]').count() == 0
    drawer(page, CORRECT)
    page.get_by_role("radio", name="แก้ข้อมูล").click()
    at_rest(page)
    leave_field(page, "วันเกิดหรือปีเกิด", "12/5/2544")
    leave_field(page, "ที่อยู่", "บ้านของเรา")
    before = named(office, case_id, "กาญจนา")
    with signed(office, "wichai.pmj") as http:
        body = {"revision": before["revision"], "changes": {"address": "บ้านของเขา"}}
        path = f"/cases/{case_id}/persons/{before['id']}"
        http.patch(path, json=body).raise_for_status()
    press(page, "บันทึกการแก้ไข")
    clash = page.locator(".cmis-clash")
    expect(clash).to_contain_text("บ้านของเขา")
    expect(clash).to_contain_text("บ้านของเรา")
    expect(page.get_by_label("ที่อยู่", exact=True)).to_have_value("บ้านของเรา")
    at_rest(page)
    page.mouse.move(0, 0)  # nothing under the pointer looks pressed
    assert everything_open(page) == {}
    press(page, "บันทึกการแก้ไข")
    expect(clash).to_have_count(0)
    at_rest(page)
    kept = named(office, case_id, "กาญจนา")["identity"]
    assert (kept["address"], kept["birth"]) == ("บ้านของเรา", "2001-05-12")


def test_parts_and_ties_are_decided_and_the_graph_follows(
    page: Page, office: Office, case_id: str
) -> None:
    before = len(people(office, case_id)["relations"])
    enter(page, office, case_id)
    drawer(page, CORRECT)
    press(page.locator('[data-testid="stExpander"]', has_text=CORRECT), "ถูกต้อง")
    at_rest(page)
    drawer(page, CORRECT)
    drawer(page, TIES)
    ties = page.locator('[class*="st-key-tie-confirmed-"] button')
    expect(ties.first).to_be_visible()
    ties.first.click()
    at_rest(page)
    choose(page, "^ใคร", "นาย สมหมาย แข็งขันดี")
    choose(page, "เป็นอะไรกับอีกคน", "พ่อเลี้ยง")
    choose(page, "^ของใคร", "น.ส. กาญจนา ทองสุกใส")
    page.locator("label", has_text="อยู่คนละบ้าน").last.click()
    press(page, "เพิ่มความสัมพันธ์นี้")
    expect(page.get_by_test_id("stGraphVizChart").locator("svg")).to_contain_text("พ่อเลี้ยง")
    kept = people(office, case_id)
    client = named(office, case_id, "กาญจนา")
    assert "confirmed" in {r["standing"] for r in client["roles"]}
    assert len(kept["relations"]) == before + 1
    made = next(t for t in kept["relations"] if t["kinship"] == "step_father")
    at_rest(page)
    page.locator(f".st-key-tie-corrected-{made['id']} button").click()
    choose(page, "ที่ถูกเป็นอะไรกัน", "ญาติ")
    press(page, "บันทึก")
    expect(page.get_by_test_id("stGraphVizChart").locator("svg")).not_to_contain_text("พ่อเลี้ยง")
    drawn = {t["id"]: t["kinship"] for t in people(office, case_id)["relations"]}
    assert drawn[made["id"]] == "relative"


def test_a_fact_is_otherwise_decided_by_two_and_one_is_told(
    page: Page, office: Office, case_id: str
) -> None:
    enter(page, office, case_id)
    drawer(page, TELL)
    with signed(office) as http:
        words = {f["field"]: f["th"] for f in http.get("/facts").json()}
    choose(page, "^ข้อเท็จจริง", words["household_size"])
    leave_field(page, words["household_size"], "4")
    press(page, "บันทึกข้อเท็จจริงนี้")
    expect(page.get_by_text(f"{words['household_size']}: 4")).to_be_visible()
    at_rest(page)
    page.locator(".st-key-fact-corrected-household_size button").click()
    at_rest(page)
    leave_field(page, words["household_size"], "5")
    with signed(office, "wichai.pmj") as http:
        said = {"decision": "corrected", "value": 6, "revision": 1}
        http.put(f"/cases/{case_id}/facts/household_size", json=said).raise_for_status()
    press(page, "บันทึก")
    clash = page.locator(".cmis-clash")
    expect(clash).to_contain_text("6")
    expect(clash).to_contain_text("5")
    at_rest(page)
    press(page, "บันทึก")
    expect(clash).to_have_count(0)
    assert fact(office, case_id, "household_size")["value"] == 5


def test_a_supervisor_holds_copies_lifts_and_erases(
    page: Page, office: Office, case_id: str
) -> None:
    reporter = named(office, case_id, "บุญเรือน")["id"]
    enter(page, office, case_id, "wichai.pmj")
    drawer(page, HOLD)
    leave_field(page, "เหตุที่ต้องเก็บทุกอย่างไว้", "คดีอยู่ในศาล")
    press(page, "ระงับการลบ")
    expect(page.get_by_role("button", name="เลิกระงับ")).to_be_visible()
    drawer(page, "บุญเรือน")
    page.get_by_role("radio", name="สำเนา / ลบ").click()
    at_rest(page)
    press(page, "เตรียมสำเนาข้อมูล")
    with page.expect_download() as taken:
        press(page, "รับไฟล์สำเนา")
    assert "บุญเรือน" in taken.value.path().read_text(encoding="utf-8")
    at_rest(page)
    erase = page.get_by_role("button", name="ลบคนนี้")
    expect(erase).to_be_disabled()
    leave_field(page, "พิมพ์คำว่า “ลบถาวร” เพื่อยืนยัน แล้วออกจากช่อง", "ลบถาวร")
    erase.click()
    expect(page.get_by_role("alert").filter(has_text="person.held")).to_be_visible()
    at_rest(page)
    press(page, "เลิกระงับ")
    expect(page.get_by_role("button", name="ระงับการลบ")).to_be_visible()
    at_rest(page)
    erase.click()
    expect(page.get_by_role("status").filter(has_text="ลบแล้ว")).to_be_visible()
    assert reporter not in {p["id"] for p in people(office, case_id)["persons"] if not p["erased"]}
