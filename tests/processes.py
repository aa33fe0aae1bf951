"""The product's processes for tests that kill them, and a nursery that has new ones up at once.

``python -m tests.processes`` is the nursery: it opens models and knowledge once, then forks an API,
a worker or somebody who keeps documents for each line it reads, each in an office of its own, so
that hundreds of killed processes can be followed by fresh ones within a second. What it forks
connects to its database, signs in and listens by itself; none outlives the nursery.
"""

from __future__ import annotations

import ctypes
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson

from runtime.settings import Settings

REPOSITORY = Path(__file__).parents[1]
START_S, LONG_S = 300, 420
# Seconds: a dead worker's jobs are given back, and a living one returns to its database, at once.
QUICK = {"heartbeat_s": 0.5, "stalled_s": 2.0, "graceful_s": 1.0, "restart_s": 0.1}


def environment(settings: Settings, **given: str) -> dict[str, str]:
    """The environment of a process that shares a test's data folder and database."""
    return os.environ | office_of(settings) | given


def office_of(settings: Settings) -> dict[str, str]:
    """What of the environment says which office a process works for."""
    return {
        "CMIS_DATA_DIR": str(settings.data_dir),
        "CMIS_CACHE_DIR": str(settings.cache_dir),
        "CMIS_DATABASE_URL": str(settings.database_url),
        "CMIS_DATABASE_OWNER_URL": str(settings.database_owner_url),
    }


@dataclass(frozen=True)
class Forked:
    """A process of the nursery's, which takes its dead away by itself."""

    pid: int
    log: Path

    def lives(self) -> bool:
        """Whether it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        while self.lives():
            time.sleep(0.01)

    def eventually(self, found: Callable[[], Any], seconds: float = LONG_S) -> Any:
        """What ``found`` gives once it gives something, while the process lives."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.lives(), self.log.read_text(errors="replace")[-3000:]
            if value := found():
                return value
            time.sleep(0.05)
        raise AssertionError(self.log.read_text(errors="replace")[-3000:])


def token(url: str, login: str, password: str) -> str | None:
    """A session's token; None while nobody answers there."""
    try:
        answer = httpx.post(f"{url}/login", json={"login": login, "password": password}, timeout=60)
    except httpx.HTTPError:
        return None
    return str(answer.json()["token"]) if answer.status_code == httpx.codes.OK else None


class Nursery:
    """Forks processes of any office; see the module. Ready when it first forks."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.log = log
        self._ready = False
        with log.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.processes"],
                cwd=REPOSITORY,
                env=environment(settings, OMP_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
            )

    def fork(self, settings: Settings, what: str, *words: str) -> Forked:
        """A new process of an office: ``api PORT``, ``worker`` or ``keeper PASSWORD CASE OUT``."""
        if not self._ready:
            assert self._answer() == "ready"
            self._ready = True
        assert self._process.stdin is not None
        order = {"words": [what, *words], "office": office_of(settings)}
        self._process.stdin.write(f"{orjson.dumps(order).decode()}\n")
        self._process.stdin.flush()
        return Forked(int(self._answer()), self.log)

    @contextmanager
    def running(self, settings: Settings, what: str, *words: str) -> Iterator[Forked]:
        """A process that is killed in the end if nobody did before."""
        forked = self.fork(settings, what, *words)
        try:
            yield forked
        finally:
            forked.kill()

    def close(self) -> None:
        """End the nursery and everything it forked."""
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        assert said, self.log.read_text(errors="replace")[-3000:]
        return said


def nurse() -> None:
    """Open what takes long, then fork for each line."""
    from commands.wiring import Wiring
    from intake.narrative import accept
    from planner.graph import Planner

    wiring = Wiring.from_environment(server=True)
    vars(wiring)["planner"] = Planner(wiring.library)
    wiring.coder.prepare(None)
    wiring.coder.code(accept("ยายเลี้ยงหลานสองคนลำพัง"))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _child(wiring, orjson.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _child(wiring: Any, order: dict[str, Any]) -> None:
    from commands.wiring import Wiring
    from runtime.settings import load_settings
    from tests.working import share

    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        os.environ.update(order["office"])
        own = Wiring(load_settings())
        share(wiring, own)
        vars(own)["planner"] = wiring.planner
        what, *words = order["words"]
        {"api": _serve, "worker": _work, "keeper": _keep}[what](own, *words)
    finally:
        os._exit(1)


def _serve(wiring: Any, port: str) -> None:
    import uvicorn
    from fastapi import FastAPI

    from api.routes import install

    api = FastAPI()
    install(api, wiring.services)
    uvicorn.run(api, host="127.0.0.1", port=int(port), log_config=None)


def _work(wiring: Any) -> None:
    from runtime.jobs import Pulse

    working = wiring.worker()
    working.pulse = Pulse(**QUICK)
    working.run()


def _keep(wiring: Any, password: str, case_id: str, out: str) -> None:
    """Keep documents without end; each one's id is written down once it is acknowledged."""
    from cases.accounts import Accounts

    accounts, number = Accounts(wiring.database, 1.0), 0
    person = accounts.person(accounts.sign_in("somying.pmj", password))
    with Path(out).open("a", buffering=1) as acknowledged:
        while True:
            number += 1
            content = io.BytesIO(b"\x89PNG\r\n\x1a\n" + str(number).encode() * 20_000)
            kept = wiring.documents.upload(person, case_id, "doc:13", content, f"{number}.png")
            acknowledged.write(f"{kept['versions'][0]['id']}\n")


if __name__ == "__main__":
    nurse()
