"""``make screenshots``: every page in Thai, English and at phone width, into docs/screenshots."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.case_shots import parts, seen_before
from tests.acceptance.conftest import Office, opened_browser, served_office
from tests.acceptance.desk_shots import desk
from tests.acceptance.desk_work import at_rest
from tests.acceptance.research_shots import research
from tests.acceptance.test_browser_main_day import LONG, PHONE, open_case, sign_in
from tests.sounds import voice, write
from tests.speech_server import speech_server

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
Look = tuple[str, dict[str, int], tuple[str, ...]]
TITLE = "ครอบครัวท้ายซอย"
UNCLEAR = "เสียงไม่ชัด"
ENGLISH = ("My cases", "New intake", "Search knowledge", "Open", "Care plan", "Story and codes")
THAI = ("รายกรณีของฉัน", "รับเรื่องใหม่", "ค้นความรู้", "เปิดแฟ้ม", "แผนช่วยเหลือ", "เรื่องเล่าและรหัส")
ALOUD = {"th": ("เล่าด้วยเสียง", "อัดเสียงตอนนี้"), "en": ("Aloud", "Record now")}
SAID = ("เมื่อคืน", "แฟน", "เอา", "มือ", "บีบคอ", "หนู", "จน", "หน้ามืด ", "ลูก", "ตื่น", "มา", "เห็น")
UNSURE = ("บีบคอ", "หน้ามืด ")


def main() -> None:
    """Serve a demo office, walk through it and keep what is seen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    words = [(word, 0.2 if word in UNSURE else 0.95) for word in SAID]
    with (
        speech_server(words) as heard,
        served_office(CMIS_SPEECH_BASE_URL=heard, CMIS_SPEECH_MODEL="demo") as office,
        opened_browser() as browser,
    ):
        seen_before(office)
        _prepare(browser, office)
        unclear = _tell(office)
        for look in (
            ("th", DESKTOP, THAI),
            ("en", DESKTOP, ENGLISH),
            ("phone", PHONE, THAI),
        ):
            _walk(browser, office, look, unclear)
        parts(browser, office, TITLE)
        research(browser, office)
        desk(browser, office)


def _prepare(browser: Browser, office: Office) -> None:
    page = browser.new_page(viewport=DESKTOP)
    sign_in(page, office)
    open_case(page, office, TITLE)
    page.get_by_role("tab", name=THAI[4]).click()
    page.get_by_role("button", name="ร่างแผน").click()
    expect(page.get_by_text("ฉบับที่ 1")).to_be_visible(timeout=LONG)
    page.close()


def _tell(office: Office) -> str:
    """Two recordings: one waits, from the other a case with unsure words is opened; its id."""
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=60) as client:
        who = {"login": "somying.pmj", "password": office.password}
        token = client.post("/login", json=who).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        _heard(client, 2)
        recording_id, told = _heard(client, 1)
        body = {"narrative": told, "title": UNCLEAR, "recording_ids": [recording_id]}
        return str(client.post("/cases", json=body).json()["id"])


def _heard(client: httpx.Client, seed: int) -> tuple[str, str]:
    """The id of a new recording and what was heard in it."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / f"interview-{seed}.wav", voice(6, seed))
        kept = client.post("/audio", files={"file": (path.name, path.read_bytes())}).json()
    address = f"/audio/{kept['id']}"
    while client.get(address).json()["transcription"]["status"] != "done":
        time.sleep(0.5)
    return kept["id"], client.get(f"{address}/transcript").json()["text"]


def _walk(browser: Browser, office: Office, look: Look, unclear: str) -> None:
    name, size, words = look
    window = browser.new_context(viewport=size, locale="th-TH")
    page = window.new_page()
    page.goto(f"{office.url}/login")
    _shot(page, "login", name)
    sign_in(page, office)
    if name == "en":
        page.get_by_text("English", exact=True).first.click()
        expect(page.get_by_role("link", name="My cases")).to_be_visible(timeout=LONG)
    page.goto(f"{office.url}/cases")
    cases, _, _, opened, plan, story = words
    tongue = "en" if name == "en" else "th"
    expect(page.get_by_role("heading", name=cases)).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name=opened, exact=True).first).to_be_visible(timeout=LONG)
    _shot(page, "cases", name)
    page.get_by_role("button", name=opened, exact=True).last.click()
    expect(page.get_by_role("tab", name=story)).to_be_visible(timeout=LONG)
    _shot(page, "case-codes", name, whole=True)
    page.get_by_role("tab", name=plan).click()
    expect(page.locator('[data-testid="stExpander"]').nth(5)).to_be_visible(timeout=LONG)
    _shot(page, "plan-review", name, whole=True)
    for path in ("intake", "knowledge"):
        _page(page, office, path, name)
    _hear(page, office, name, *ALOUD[tongue])
    page.goto(f"{office.url}/case?case={unclear}")
    expect(page.locator("audio.cmis-player")).to_be_attached(timeout=LONG)
    _shot(page, "case-heard", name)
    if name == "en":
        page.get_by_text("ไทย", exact=True).first.click()
        expect(page.get_by_role("link", name="รายกรณีของฉัน")).to_be_visible(timeout=LONG)
    window.close()


def _hear(page: Page, office: Office, name: str, aloud: str, record: str) -> None:
    """The intake page for a story told aloud: what may be sent, then what was heard."""
    page.goto(f"{office.url}/intake")
    page.get_by_role("radio", name=aloud).click()
    expect(page.get_by_text(record)).to_be_visible(timeout=LONG)
    _shot(page, "recording", name)
    page.get_by_role("button", name="interview-2.wav").click()
    expect(page.locator(".cmis-story mark.doubt").first).to_be_visible(timeout=LONG)
    _shot(page, "recording-heard", name, whole=True)


def _page(page: Page, office: Office, path: str, name: str) -> None:
    """A page by its address: a new session of the pages, in the person's stored language."""
    page.goto(f"{office.url}/{path}")
    expect(page.locator("h1").first).to_be_visible(timeout=LONG)
    if path == "knowledge":
        page.get_by_role("textbox").first.fill("ใครต้องแจ้งเมื่อพบเด็กถูกทำร้าย")
        page.keyboard.press("Enter")
        expect(page.get_by_text("child-protection-2546#29").first).to_be_visible(timeout=LONG)
    _shot(page, path, name)


def _shot(page: Page, what: str, name: str, *, whole: bool = False) -> None:
    if page.locator('[data-testid="stApp"]').count():
        at_rest(page)
    page.wait_for_timeout(1000)  # fonts and the last widgets
    size = page.viewport_size or DESKTOP
    if whole:
        page.set_viewport_size({"width": size["width"], "height": 1500})
        page.wait_for_timeout(500)
    page.mouse.move(0, 0)  # nothing under the pointer looks pressed
    page.screenshot(path=FOLDER / f"{what}-{name}.png")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


if __name__ == "__main__":
    main()
