"""Cases come in from a neighbour's file and go out again; a person changes their own password."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import at_rest, drawer, listed, seated, signed
from tests.acceptance.test_browser_accessible import shaded
from tests.acceptance.test_browser_main_day import shot

pytestmark = pytest.mark.browser

SAMPLE = next((Path(__file__).parents[2] / "samples" / "exchange").glob("school-care.*"))


def test_a_neighbours_file_comes_in_row_by_row(page: Page, office: Office) -> None:
    seated(page, office)
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(f"{office.url}/cases")
    drawer(page, "ส่งออกและนำเข้าเคส")
    with signed(office) as http:
        named = {p["id"]: p["name_th"] for p in http.get("/exchange/profiles").json()["items"]}
    listed(page, "นำเข้าจากระบบ", named["school-care"])
    page.get_by_role("option", name=named["school-care"]).click()
    at_rest(page)
    page.locator("input[type=file]").set_input_files(SAMPLE)
    at_rest(page)
    page.get_by_role("button", name="นำเข้า", exact=True).click()
    expect(page.get_by_text(re.compile(r"นำเข้าแล้ว \d+ เคส"))).to_be_visible(timeout=120_000)
    shot(page, "exchange-taken")
    assert shaded(page) == {}
    page.get_by_role("button", name=re.compile("^แถว 1 ")).click()
    page.get_by_role("tab", name="ลำดับเหตุการณ์").click()
    drawer(page, "ส่งออกแฟ้มนี้")
    expect(page.get_by_text("มาจาก")).to_be_visible()
    way = page.get_by_role("link", name=re.compile("FHIR")).get_attribute("href")
    shot(page, "exchange-case")
    with signed(office) as http:
        bundle = http.get(str(way).removeprefix("/api/v1"))
    assert bundle.json()["resourceType"] == "Bundle"


def test_a_person_changes_their_own_password(page: Page, office: Office) -> None:
    """And back again: the office of these tests has one password for everybody."""
    login, new = "nurse.hospital", "another-password-2569"
    for old, wanted in ((office.password, new), (new, office.password)):
        page.context.clear_cookies()
        answer = httpx.post(
            f"{office.url}/api/v1/login", json={"login": login, "password": old}, timeout=60
        )
        cookie = {"name": "cmis_session", "value": answer.json()["token"], "url": office.url}
        page.context.add_cookies([cookie])
        page.goto(f"{office.url}/referrals")
        page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
        page.get_by_label("รหัสผ่านปัจจุบัน").fill("wrong")
        page.get_by_label("รหัสผ่านใหม่", exact=True).fill(wanted)
        page.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(wanted)
        page.get_by_role("button", name="ใช้รหัสผ่านใหม่").click()
        expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
        page.get_by_label("รหัสผ่านปัจจุบัน").fill(old)
        page.get_by_role("button", name="ใช้รหัสผ่านใหม่").click()
        expect(page.get_by_text("เปลี่ยนรหัสผ่านแล้ว")).to_be_visible()
