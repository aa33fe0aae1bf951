"""Documents, conference room, time limits, knowledge and administration for ``make screenshots``.

Also by itself: ``python -m tests.acceptance.desk_shots``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.acceptance.conftest import Office, opened_browser, served_office
from tests.acceptance.desk_work import SAMPLE, a_case, approved, at_rest, seated, signed
from tests.acceptance.lifecycle import REGISTRATION
from tests.acceptance.test_browser_main_day import LONG

FOLDER = Path(os.environ.get("CMIS_SHOTS", str(Path(__file__).parents[2] / "docs" / "screenshots")))
LOOKS: tuple[tuple[str, ViewportSize], ...] = (
    ("th", {"width": 1280, "height": 900}),
    ("en", {"width": 1280, "height": 900}),
    ("phone", {"width": 390, "height": 844}),
)
DRAWN_MS = 1000
SAID = (("comment", "เด็กยังไม่ได้ไปโรงเรียนตั้งแต่วันจันทร์"), ("suggestion", "ให้ครูประจำชั้นไปเยี่ยมพร้อม อสม."))


@dataclass(frozen=True)
class Made:
    """What is looked at."""

    case_id: str
    conference_id: str


def desk(browser: Browser, office: Office) -> None:
    """Make a case with documents, limits and a conference, then keep each page in three looks."""
    made = _made(office)
    for name, size in LOOKS:
        with signed(office) as http:
            http.put("/me/language", json={"language": "en" if name == "en" else "th"})
        with signed(office, "admin") as http:
            http.put("/me/language", json={"language": "en" if name == "en" else "th"})
        window = browser.new_context(viewport=size, locale="th-TH")
        page = window.new_page()
        seated(page, office)
        _worker(page, office, made, name)
        seated(page, office, "admin")
        _administrator(page, office, name)
        window.close()
    with signed(office) as http:
        http.put("/me/language", json={"language": "th"})


def _made(office: Office) -> Made:
    with signed(office) as http:
        case_id = a_case(http, "ครอบครัวหลังวัด", SAMPLE.read_text(encoding="utf-8"))
        entry = {"kind": "registration", "content": REGISTRATION | {"case_type": "other"}}
        http.post(f"/cases/{case_id}/entries", json=entry).raise_for_status()
        approved(http, case_id)
        for type_id in ("doc:1", "doc:2"):
            made = http.post(f"/cases/{case_id}/documents", json={"type_id": type_id}).json()
        act = {"act": "sent", "party": "สถานีตำรวจ (สาธิต)"}
        http.post(f"/document-versions/{made['versions'][0]['id']}/acts", json=act)
        return Made(case_id, _conference(http, case_id))


def _conference(http: httpx.Client, case_id: str) -> str:
    people = {p["login"]: p["id"] for p in http.get("/directory").json()}
    members = [people[login] for login in ("doctor.mdt", "nurse.hospital", "teacher.school")]
    body = {"meets_at": "2027-01-05T09:30:00+07:00", "members": members, "questions": []}
    held = http.post(f"/cases/{case_id}/conferences", json=body).raise_for_status().json()
    where = f"/conferences/{held['id']}"
    topic = held["agenda"][0]["id"]
    for kind, words in SAID:
        http.post(f"{where}/posts", json={"topic": topic, "kind": kind, "text": words})
    http.post(f"{where}/votes", json={"vote": "disagree", "dissent": "ควรรอผลตรวจร่างกายก่อน"})
    return str(held["id"])


def _worker(page: Page, office: Office, made: Made, name: str) -> None:
    page.goto(f"{office.url}/documents?case={made.case_id}")
    _press(page, '[class*="st-key-look-"] button', last=True)
    _press(page, ".st-key-preview button")
    expect(page.locator(".cmis-pages img").first).to_be_visible(timeout=LONG)
    _keep(page, "documents", name)
    page.goto(f"{office.url}/conference?conference={made.conference_id}")
    first = page.locator('[data-testid="stExpander"] summary').first
    expect(first).to_be_visible(timeout=LONG)
    first.click()
    expect(page.locator(".cmis-post").first).to_be_visible(timeout=LONG)
    _keep(page, "conference", name)
    page.goto(f"{office.url}/deadlines")
    expect(page.locator(".cmis-heat")).to_be_visible(timeout=LONG)
    _keep(page, "deadlines", name)
    page.goto(f"{office.url}/knowledge")
    page.get_by_role("tab").nth(1).click()
    expect(page.locator(".cmis-dated").first).to_be_visible(timeout=LONG)
    _keep(page, "knowledge-changed", name)


def _administrator(page: Page, office: Office, name: str) -> None:
    page.goto(f"{office.url}/admin")
    expect(page.locator(".cmis-row").first).to_be_visible(timeout=LONG)
    _keep(page, "admin", name)
    page.get_by_role("tab").last.click()
    button = page.get_by_role("button", name="ตรวจเดี๋ยวนี้" if name != "en" else "Verify now")
    button.click()
    expect(page.locator(".cmis-approved, .cmis-alert").first).to_be_visible(timeout=LONG)
    _keep(page, "admin-trail", name)


def _press(page: Page, button: str, *, last: bool = False) -> None:
    """Press a button by its place: words such as "Open" also name the arrows of lists."""
    found = page.locator(button)
    expect(found.first).to_be_visible(timeout=LONG)
    at_rest(page)
    (found.last if last else found.first).click()


def _keep(page: Page, what: str, name: str) -> None:
    at_rest(page)
    page.mouse.move(0, 0)  # nothing under the pointer looks pressed
    page.wait_for_timeout(DRAWN_MS)
    page.screenshot(path=FOLDER / f"{what}-{name}.png")


if __name__ == "__main__":
    with served_office() as served, opened_browser() as chromium:
        desk(chromium, served)
