"""The served application as a person meets it: own process, data folder, port, a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from coverage import Coverage
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from runtime.database import Database
from runtime.settings import Settings, load_settings
from tests.acceptance.application import App, copied, made
from tests.conftest import name_of
from tests.processes import Nursery
from tests.working import let_go, settings_of

if TYPE_CHECKING:
    from tests.acceptance.paged import Pages

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 600


@dataclass(frozen=True)
class Office:
    """A running demo office. ``password`` opens every demo account."""

    url: str
    password: str
    data_dir: Path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def nursery(settings: Settings, test_root: Path, worker_id: str) -> Iterator[Nursery]:
    """Has processes up at once for the tests that kill them; opened by the first of those."""
    made = Nursery(settings, test_root / f"nursery-{worker_id}.log")
    yield made
    made.close()


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One served office for the whole run."""
    with served_office() as running:
        yield running


@contextmanager
def served_office(**given: str) -> Iterator[Office]:
    """`cmis serve` on embedded defaults in an empty data folder; ``given`` are more settings."""
    data_dir = Path(tempfile.mkdtemp(prefix="cmis-", dir="/tmp"))
    port = free_port()
    log = (data_dir / "serve.log").open("wb")
    served = subprocess.Popen(
        [sys.executable, "-m", "commands", "serve"],
        env=os.environ
        | {
            "CMIS_DATA_DIR": str(data_dir / "d"),
            "CMIS_CACHE_DIR": str(load_settings().cache_dir),
            "CMIS_PORT": str(port),
            "CMIS_DEMO": "true",
            "CMIS_DEMO_PASSWORD": "a-demo-password-2569",
        }
        | given,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_health(url, served, data_dir / "serve.log")
        yield Office(url, "a-demo-password-2569", data_dir / "d")
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait(timeout=60)
        log.close()
        shutil.rmtree(data_dir, ignore_errors=True)


def _await_health(url: str, served: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert served.poll() is None, log.read_text(errors="replace")[-4000:]
        try:
            if httpx.get(f"{url}/api/v1/health", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise AssertionError(log.read_text(errors="replace")[-4000:])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless. It ends with its module: Playwright keeps an event loop running
    in this thread, and no test of another module could start its own beside it."""
    with opened_browser() as started:
        yield started


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium as the tests start it."""
    chromium = os.environ.get("CMIS_TEST_CHROMIUM") or shutil.which("chromium")
    assert chromium, "Chromium is needed: make chromium"
    with unmeasured(), sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield started
        started.close()


@contextmanager
def unmeasured() -> Iterator[None]:
    """No coverage of this process: Playwright switches greenlets, which its tracer would mix up.

    What the browser asks for is served, and measured, in another process.
    """
    measuring = Coverage.current()
    if measuring:
        measuring.stop()
    try:
        yield
    finally:
        if measuring:
            measuring.start()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of a module, desktop size, Thai: the pages' script is fetched once in it."""
    window = browser.new_context(viewport={"width": 1280, "height": 900}, locale="th-TH")
    window.set_default_timeout(30_000)
    yield window
    window.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty page of a person who was never here: no cookie, nothing kept."""
    opened = context.new_page()
    yield opened
    with suppress(Error):  # a page that was never opened, or left for good, keeps nothing
        opened.evaluate("localStorage.clear(); sessionStorage.clear()")
    opened.close()
    context.clear_cookies()


@pytest.fixture(scope="session")
def first_app(settings: Settings, make_database: Callable[..., Database]) -> App:
    """A demo office with its knowledge in a database where nobody works; copies are made."""
    own = make_database()
    application = made(settings_of(settings, own.addresses))
    application.wiring.database.close()
    own.close()
    return application


@pytest.fixture(scope="module")
def app(
    first_app: App,
    make_database: Callable[..., Database],
    drop_database: Callable[[Database], None],
) -> Iterator[App]:
    """The API in this process over a demo office that only this file's tests work in."""
    own = make_database(name_of(first_app.wiring.database))
    application = copied(first_app, own.addresses)
    yield application
    let_go(application.wiring)
    drop_database(own)


@pytest.fixture(scope="module")
def pages(app: App) -> Iterator[Pages]:
    """The pages over that application's API, served while a file's tests run."""
    from tests.acceptance.paged import served

    with served(app) as running:
        yield running
