"""axe-core over every page of the navigation, and the file and plan of a case, in both schemes."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import SAMPLE, a_case, a_plan, at_rest, drawer, seated, signed
from tests.acceptance.test_browser_main_day import LONG, at_home

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")
ROLES: dict[str, tuple[int, tuple[str, ...]]] = {
    "somying.pmj": (11, ()),
    "wichai.pmj": (12, ("today", "admin")),
    "researcher": (4, ("overview", "research")),
    "admin": (3, ("knowledge", "admin")),
}  # how many pages each has, and those that look otherwise than a worker's
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DRAWN_MS = 250
UNMOVED = "*, *::before, *::after { transition: none !important; animation: none !important }"
FRESH = "() => !document.querySelector('[data-stale=true]')"
PAPER = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
PARTS = {
    "ขั้นตอนและกำหนดเวลา": "เก้าขั้นตอน",
    "คนและครอบครัว": "ข้อเท็จจริงของครัวเรือน",
    "ลำดับเหตุการณ์": "รับเรื่อง",
    "หนังสือส่งต่อ": "เขียนหนังสือส่งต่อ",
}


def grave(page: Page) -> list[tuple[str, str]]:
    """Rule and first place of every serious or critical violation."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in GRAVE]


def shaded(page: Page) -> dict[str, list[tuple[str, str]]]:
    """What is grave in each scheme, as the page stands; empty when nothing is."""
    at_rest(page)  # what is drawn anew is pale, and would be found wanting
    page.wait_for_function(FRESH, timeout=LONG)
    page.add_style_tag(content=UNMOVED)
    found, papers = {}, set()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(DRAWN_MS)
        found[scheme] = grave(page)
        papers.add(page.evaluate(PAPER))
    assert len(papers) == len(SCHEMES)
    return {scheme: places for scheme, places in found.items() if places}


@pytest.fixture(scope="module")
def case_id(office: Office) -> str:
    """A case with a plan and a document."""
    with signed(office) as http:
        made = a_case(http, "ครอบครัวริมคลอง", SAMPLE.read_text(encoding="utf-8"))
        http.post(f"/cases/{made}/documents", json={"type_id": "doc:1"}).raise_for_status()
        a_plan(http, made)
        return made


def test_the_door(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/login")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert (scheme, grave(page)) == (scheme, [])


def test_a_case_with_all_its_parts(page: Page, office: Office, case_id: str) -> None:
    seated(page, office)
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{office.url}/case?case={case_id}")
    expect(page.locator(".cmis-story mark").first).to_be_visible()
    found = {"story": shaded(page)}
    page.get_by_role("tab", name="แผนช่วยเหลือ").click()
    expect(page.get_by_text("ฉบับที่ 1")).to_be_visible(timeout=LONG)
    found["plan"] = shaded(page)
    for tab, sign in PARTS.items():
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_text(sign).first).to_be_visible(timeout=LONG)
        found[tab] = shaded(page)
    assert {name: f for name, f in found.items() if f} == {}


def test_an_opened_document_and_a_room_with_talk(page: Page, office: Office, case_id: str) -> None:
    with signed(office) as http:
        body = {"meets_at": "2027-01-05T09:30:00+07:00", "members": [], "questions": ["ใครไปเยี่ยม"]}
        held = http.post(f"/cases/{case_id}/conferences", json=body).raise_for_status().json()
    seated(page, office)
    page.goto(f"{office.url}/documents?case={case_id}")
    page.get_by_role("button", name="ดู", exact=True).click()
    page.get_by_role("button", name="แสดงหน้าเอกสาร").click()
    expect(page.locator(".cmis-pages img").first).to_be_visible()
    found = {"document": shaded(page)}
    page.goto(f"{office.url}/conference?conference={held['id']}")
    drawer(page, "ใครไปเยี่ยม")
    expect(page.get_by_label("ความเห็นของคุณ").first).to_be_visible()
    found["room"] = shaded(page)
    assert {name: f for name, f in found.items() if f} == {}


@pytest.mark.parametrize("login", ROLES)
def test_every_page_a_role_can_reach(page: Page, office: Office, login: str) -> None:
    """Each page once, in light and then, as it stands, in the dark."""
    count, own = ROLES[login]
    at_home(page, office, login)
    links = page.locator('[data-testid="stSidebarNavLink"]')
    expect(links).to_have_count(count, timeout=LONG)
    addresses = [str(links.nth(i).get_attribute("href")) for i in range(count)]
    found = {}
    for address in addresses:
        if own and address.rpartition("/")[2] not in own:
            continue
        page.goto(address)
        expect(page.locator("h1, [data-testid='stAlert']").first).to_be_visible(timeout=LONG)
        found[address] = shaded(page)
    assert {a: f for a, f in found.items() if f} == {}


def test_axe_finds_what_is_grave(page: Page) -> None:
    """The check itself can fail: a button without a name is grave."""
    page.set_content("<html lang='th'><title>x</title><main><h1>x</h1><button></button></main>")
    assert [name for name, _ in grave(page)] == ["button-name"]
