"""The Research page: a researcher starts a run and reads it; nobody else has the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import listed
from tests.acceptance.test_browser_main_day import LONG, at_home, shot

pytestmark = pytest.mark.browser

ALIVE = ("queued", "running")


@contextmanager
def researcher(office: Office) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{office.url}/api/v1", timeout=30) as http:
        who = {"login": "researcher", "password": office.password}
        http.headers["Authorization"] = f"Bearer {http.post('/login', json=who).json()['token']}"
        yield http


def ended(http: httpx.Client, run_id: str) -> dict[str, Any]:
    """The run once it is over."""
    until = time.monotonic() + 120
    while True:
        run: dict[str, Any] = http.get(f"/research/runs/{run_id}").json()
        if run["status"] not in ALIVE or time.monotonic() > until:
            return run
        time.sleep(0.5)


def test_a_run_is_started_read_and_compared(page: Page, office: Office) -> None:
    with researcher(office) as http:
        body = {"experiment": "sensitivity-eligibility", "limit": 6}
        before = http.post("/research/runs", json=body).json()
        assert ended(http, before["id"])["status"] == "done"
    at_home(page, office, "researcher")
    page.get_by_role("link", name="งานวิจัย").click()
    expect(page.get_by_role("heading", name="รอบล่าสุด")).to_be_visible(timeout=LONG)
    page.get_by_role("spinbutton", name="จำนวนราย").fill("6")
    listed(page, "แบบการประเมิน", "sensitivity-eli")
    page.get_by_role("option", name="sensitivity-eligibility").click()
    page.get_by_role("button", name="เริ่ม", exact=True).click()
    expect(page.get_by_role("cell", name="verdict_accuracy").first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("link", name="เปิดรายงาน")).to_be_visible(timeout=LONG)
    shot(page, "research")
    page.get_by_role("button", name="กลับไปที่รายการรอบ").click()
    page.get_by_role("tab", name="เปรียบเทียบ").click()
    page.get_by_role("button", name="เปรียบเทียบ", exact=True).click()
    expect(page.get_by_role("cell", name="[+0.000, +0.000]").first).to_be_visible(timeout=LONG)


def test_a_worker_has_no_such_page(page: Page, office: Office) -> None:
    at_home(page, office)
    expect(page.get_by_role("link", name="ค้นความรู้")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("link", name="งานวิจัย")).to_have_count(0)
