"""What browser tests prepare over the API, so that a page starts where its deed begins."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from api.dependencies import COOKIE
from tests.acceptance.conftest import Office
from tests.acceptance.test_api_main_day import claims

SAMPLE = Path(__file__).parents[2] / "samples" / "violence-at-home.txt"
SHORT = "แม่ถูกพ่อตบตีทุกครั้งที่เมา ลูกเห็นทุกครั้ง"
LONG = 40_000
SETTLED_MS = 400
PATIENCE_MS = 120_000
OPENINGS, OPENED_MS = 3, 8_000
ALIVE = ("queued", "running")
STILL = """() => document.getAnimations().every(
    moved => moved.playState !== "running" || moved.effect.getComputedTiming().endTime === Infinity
)"""
expect.set_options(timeout=LONG)  # two cores may be shared with other work


@contextmanager
def signed(office: Office, login: str = "somying.pmj") -> Iterator[httpx.Client]:
    """A client of the API in somebody's name."""
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=120) as http:
        http.headers["Authorization"] = f"Bearer {token(office, login)}"
        yield http


def token(office: Office, login: str) -> str:
    """A session of somebody of the demo office."""
    who = {"login": login, "password": office.password}
    answer = httpx.post(f"{office.url}/api/v1/login", json=who, timeout=60)
    return str(answer.raise_for_status().json()["token"])


def seated(page: Page, office: Office, login: str = "somying.pmj") -> str:
    """The page's window is signed in as somebody; the session's token."""
    session = token(office, login)
    page.context.add_cookies([{"name": COOKIE, "value": session, "url": office.url}])
    page.set_default_timeout(LONG)
    return session


def a_case(http: httpx.Client, title: str, narrative: str = SHORT) -> str:
    """The id of a new case."""
    made = http.post("/cases", json={"narrative": narrative, "title": title})
    return str(made.raise_for_status().json()["id"])


def a_plan(http: httpx.Client, case_id: str) -> dict[str, Any]:
    """The newest plan of a case, drafted now."""
    run = http.post(f"/cases/{case_id}/drafts", json={}).raise_for_status().json()
    until = time.monotonic() + 120
    while http.get(f"/drafts/{run['id']}").json()["status"] in ALIVE and time.monotonic() < until:
        time.sleep(0.5)
    newest = http.get(f"/cases/{case_id}").json()["versions"][-1]
    plan: dict[str, Any] = http.get(f"/plans/{newest['id']}").json()
    return plan


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def leave_field(page: Page, label: str, words: str) -> None:
    """Fill a field and leave it, so that the page has it, and let the page come to rest."""
    field = page.get_by_label(label, exact=True).first
    field.fill(words)
    field.blur()
    at_rest(page)


def drawer(page: Page, words: str) -> None:
    """Open a drawer by its words and wait until it stands open."""
    at_rest(page)
    page.locator("summary", has_text=words).click()
    at_rest(page)


def listed(page: Page, name: str | re.Pattern[str], words: str) -> Locator:
    """A list to choose from, open and narrowed to ``words``.

    It closes by itself when the page scrolls under it; then it is opened once more.
    """
    box = page.get_by_role("combobox", name=name)
    fitting = page.get_by_role("option", name=re.compile(re.escape(words))).first
    for _ in range(OPENINGS):
        at_rest(page)
        box.click()
        box.fill(words)
        with suppress(AssertionError):
            expect(fitting).to_be_visible(timeout=OPENED_MS)
            return box
    expect(fitting).to_be_visible()
    return box


def at_rest(page: Page) -> None:
    """Wait until the page's script has run to its end and nothing on it moves any more.

    What is clicked while the page is drawn may be replaced; a drawer that is still opening carries
    its buttons along, and a press begun on one ends beside it.
    """
    page.wait_for_timeout(SETTLED_MS)
    app = page.locator('[data-testid="stApp"]')
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)
    page.wait_for_function(STILL)


def approved(http: httpx.Client, case_id: str) -> dict[str, Any]:
    """The newest plan of a case, drafted, decided and approved: its limits of the law then run."""
    plan = a_plan(http, case_id)
    decisions = [
        {"sentence_id": s["id"], "decision": "struck", "reason": "ยังไม่มีหลักฐาน"}
        if s["flags"]
        else {"sentence_id": s["id"], "decision": "accepted"}
        for s in claims(plan["content"])
    ]
    where = f"/plans/{plan['id']}"
    http.post(f"{where}/decisions", json={"decisions": decisions}).raise_for_status()
    body = {"content_hash": plan["content_hash"]}
    http.post(f"{where}/approve", json=body).raise_for_status()
    return plan
