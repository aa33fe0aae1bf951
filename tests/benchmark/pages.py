"""How long the pages take in a real Chromium when an office has 5,000 cases.

``python -m tests.benchmark.pages [--write]`` serves a demo office, fills it, and measures each page
after it was opened once: from the address to a page that stands still with its heading (first),
from a click to the same (again), and how often the page asks the API while it opens (calls). What
is measured is told as it comes. With ``--write`` the figures replace the section of the same name
in ``docs/benchmarks.md``.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from runtime.database import Database, open_database
from runtime.settings import load_settings
from tests.acceptance.conftest import Office, opened_browser, served_office
from tests.acceptance.desk_work import SAMPLE, a_case, a_plan, seated, signed
from tests.benchmark.drafting import BENCHMARKS

HEADING = "## The pages"
CASES, ROUNDS = 5_000, 5
FIRST_S, AGAIN_S = 2.5, 1.0
PATIENCE_MS = 60_000
PAGES = {
    "somying.pmj": (
        *("today", "cases", "intake", "case", "overview", "deadlines", "conference"),
        *("documents", "referrals", "schemes", "knowledge"),
    ),
    "researcher": ("research",),
    "admin": ("admin",),
}
OF_A_CASE = ("case", "conference", "documents")
TABS = ("case", "referrals", "knowledge", "admin", "research")
CALL = re.compile(r'"[A-Z]+ /api/v1/')
STILL = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('h1') && !document.querySelector('[data-stale="true"]');
}"""
FILL = (
    """INSERT INTO cases (id, number, agency_id, title, status, urgency, owner_id, received_at)
       SELECT 'bench-' || n, '2560-' || lpad(n::text, 6, '0'), u.agency_id, 'ราย ' || n,
           (ARRAY['new', 'drafted', 'reviewing', 'approved', 'closed'])[1 + n % 5],
           (ARRAY['immediate_1h', '24h', '72h', 'routine'])[1 + n % 4], u.id,
           now() - n * interval '90 minutes'
       FROM users u, generate_series(1, :cases) n WHERE u.login = 'somying.pmj'""",
    """INSERT INTO narratives (id, case_id, text, sha256, source, created_by)
       SELECT 'n' || id, id, 'เรื่องแต่ง', repeat('0', 64), '', owner_id
       FROM cases WHERE id LIKE 'bench-%'""",
    """INSERT INTO codings (id, case_id, narrative_id, content, coder_version)
       SELECT 'k' || c.id, c.id, 'n' || c.id, jsonb_build_object('codes',
               jsonb_build_array(jsonb_build_object('code',
                   (ARRAY['VIO-01', 'ECO-01', 'HLT-01'])[1 + length(c.id) % 3]))), 'bench'
       FROM cases c WHERE c.id LIKE 'bench-%'""",
    """INSERT INTO entries (id, case_id, kind, content, content_hash, agency_id, recorded_by,
           recorded_name, recorded_at)
       SELECT 'e' || c.id, c.id, 'registration', '{}', repeat('0', 64), c.agency_id, c.owner_id,
           'bench', c.received_at FROM cases c WHERE c.id LIKE 'bench-%'""",
    """INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, added_by)
       SELECT 'd' || id, id, 'visit', 'ติดตามครั้งถัดไป', 'next visit', false, 'bench',
           received_at + interval '60 days', owner_id FROM cases WHERE id LIKE 'bench-%'""",
)


@dataclass(frozen=True)
class Took:
    """Seconds of a page's first and later drawings, and its calls of the API while it opens."""

    first: list[float]
    again: list[float]
    calls: int


def fill(office: Office) -> None:
    """The cases of a busy office, each with a story, a code, a time limit and its registration."""
    database: Database = open_database(load_settings(data_dir=office.data_dir))
    with database.owner_engine.begin() as owner:
        for statement in FILL:
            owner.execute(text(statement), {"cases": CASES})
    with database.owner_engine.connect() as owner:
        owner.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    database.close()


def drafted(office: Office) -> str:
    """The id of a real case with a real draft; nobody is shown the first steps."""
    for login in PAGES:
        with signed(office, login) as http:
            http.put("/me/drawer/tour", json={"content": "seen"})
    with signed(office) as http:
        case_id = a_case(http, "", SAMPLE.read_text(encoding="utf-8"))
        a_plan(http, case_id)
        return case_id


def spent(page: Page, act: Callable[[], object]) -> float:
    """Seconds from an act to a page that stands still."""
    begun = time.perf_counter()
    act()
    page.wait_for_timeout(60)  # the script has been asked to run
    page.wait_for_function(STILL, timeout=PATIENCE_MS)
    return time.perf_counter() - begun


def calls(office: Office) -> int:
    """How often the API was asked since the office was opened."""
    log = office.data_dir.parent / "serve.log"
    return len(CALL.findall(log.read_text(encoding="utf-8", errors="replace")))


def measure(office: Office, case_id: str) -> Iterator[tuple[str, Took]]:
    """What each page took, as it is known."""
    with opened_browser() as browser:
        for login, names in PAGES.items():
            page = _window(browser, office, login)
            for name in names:
                yield name, _took(page, office, name, case_id)
            page.context.close()


def _window(browser: Browser, office: Office, login: str) -> Page:
    page = browser.new_context(locale="th-TH").new_page()
    seated(page, office, login)
    page.set_default_timeout(PATIENCE_MS)
    return page


def _took(page: Page, office: Office, name: str, case_id: str) -> Took:
    address = f"{office.url}/{name}" + (f"?case={case_id}" if name in OF_A_CASE else "")

    def opened() -> float:
        return spent(page, lambda: page.goto(address))

    opened()
    before = calls(office)
    first = [opened() for _ in range(ROUNDS)]
    asked = round((calls(office) - before) / ROUNDS)
    again = [spent(page, _click(page, name, turn)) for turn in range(ROUNDS)]
    return Took(first, again, asked)


def _click(page: Page, name: str, turn: int) -> Callable[[], object]:
    """An ordinary click of a page: its tabs, the next sheet and back, or the page itself."""
    if name in TABS:
        tabs = page.get_by_role("tab")
        return lambda: tabs.nth((turn + 1) % tabs.count()).click()
    if name == "cases":
        label = "ถัดไป" if turn % 2 == 0 else "ก่อนหน้า"
        return lambda: page.get_by_role("button", name=label).click()
    link = page.locator(f'[data-testid="stSidebarNavLink"][href$="/{name}"]')
    return link.click


def told(seconds: list[float], wanted: float) -> str:
    """Half and nearly all of the seconds, bold where half of them miss what is wanted."""
    words = f"{median(seconds):.2f} / {np.quantile(seconds, 0.95):.2f}"
    return words if median(seconds) < wanted else f"**{words}**"


def section(found: dict[str, Took]) -> str:
    """The figures as a section of the benchmarks."""
    rows = "\n".join(
        f"| {name} | {told(took.first, FIRST_S)} | {told(took.again, AGAIN_S)} | {took.calls} |"
        for name, took in found.items()
    )
    return f"""{HEADING}

Seconds (p50 / p95 of {ROUNDS}) in Debian's Chromium, headless, an office with {CASES:,} cases, each
page opened once before; *first* is from the address to a page that stands still with its heading,
*again* from a click (another tab, the next sheet, the page anew), *calls* how often the page asks
the API while it opens in a new session; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores
while measured, application, database and browser on one machine; wanted: {FIRST_S} and {AGAIN_S},
bold where it is missed (`make bench-ui`).

| page | first | again | calls |
| --- | --- | --- | --- |
{rows}
"""


def write(words: str, into: Path = BENCHMARKS) -> None:
    """Put the section into the benchmarks in place of the last one."""
    old = into.read_text("utf-8")
    before, _, rest = old.partition(HEADING + "\n")
    _, mark, behind = rest.partition("\n## ")
    into.write_text(before.rstrip() + "\n\n" + words + mark + behind, "utf-8")


def main(arguments: list[str]) -> None:
    """Measure and print, or write."""
    found: dict[str, Took] = {}
    begun = time.perf_counter()
    with served_office() as office:
        _tell(begun, "served")
        case_id = drafted(office)
        fill(office)
        _tell(begun, f"{CASES:,} cases")
        for name, took in measure(office, case_id):
            found[name] = took
            row = f"{told(took.first, FIRST_S)}  {told(took.again, AGAIN_S)}  {took.calls} calls"
            _tell(begun, f"{name}: {row}")
    made = section(found)
    sys.stdout.write(made)
    if "--write" in arguments:
        write(made)


def _tell(begun: float, words: str) -> None:
    sys.stderr.write(f"{time.perf_counter() - begun:5.0f} s  {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
