"""People write while API, worker and database are killed at random; then the record is looked at.

Whatever was answered with success stands in a ledger. `damage` says in words what of it is not
there and what stands there half: an empty list is the only good answer.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from cases.seeds import seed_demo
from commands.wiring import Wiring
from runtime.database import Database, migrate
from runtime.embedded import EmbeddedPostgres
from runtime.settings import load_settings
from tests.processes import START_S, Forked, Nursery, token

PASSWORD = "a-test-password-2569"
LOGINS = ("somying.pmj", "wichai.pmj", "malee.bpd", "kanda.subdistrict")
VICTIMS = ("api", "worker", "database")
ENTRY = {"channel": "walk_in", "reporter_hidden": True, "has_children": True, "case_type": "other"}
PNG = b"\x89PNG\r\n\x1a\n"
SETTLED_S = 120
PATIENCE_S = 120
LONGEST_S = 1.5  # between having a process up again and killing the next
STARTED = "SELECT count(*) FROM draft_runs WHERE status IN ('queued', 'running')"
# What must find nothing, by what it would mean.
HALF = {
    "an approval without its trace, or a trace without its approval": """
        SELECT v.id FROM plan_versions v LEFT JOIN approvals a ON a.version_id = v.id
        LEFT JOIN audit_events t ON t.case_id = v.case_id AND t.subject = v.id
            AND t.action = 'version_approved'
        LEFT JOIN plan_edits e ON e.version_id = v.id
        WHERE num_nonnulls(a.version_id, t.subject, e.version_id) NOT IN (0, 3)""",
    "a case called approved without an approval": """
        SELECT id FROM cases c WHERE status = 'approved'
        AND NOT EXISTS (SELECT FROM approvals a WHERE a.case_id = c.id)""",
    "a run without its version, or a version without its run": """
        SELECT r.id FROM draft_runs r LEFT JOIN plan_versions v ON v.run_id = r.id
        WHERE (r.status = 'done') <> (v.id IS NOT NULL)""",
    "a run that never ends": "SELECT id FROM draft_runs WHERE status IN ('queued', 'running')",
    "parts of a run that ended": """
        SELECT p.run_id FROM run_parts p JOIN draft_runs r ON r.id = p.run_id
        WHERE r.status NOT IN ('queued', 'running')""",
    "a case without its story, coding or key": """
        SELECT id FROM cases c WHERE NOT EXISTS (SELECT FROM narratives WHERE case_id = c.id)
        OR NOT EXISTS (SELECT FROM codings WHERE case_id = c.id)
        OR (SELECT count(*) FROM opening_keys WHERE case_id = c.id) <> 1""",
}
WRITTEN = {
    "case": "SELECT id FROM cases",
    "entry": "SELECT id FROM entries",
    "code": "SELECT case_id || ' ' || code FROM code_decisions",
    "run": "SELECT id FROM draft_runs",
    "document": "SELECT id || ' ' || sha256 FROM document_versions",
    "decision": "SELECT version_id || ' ' || sentence_id FROM item_decisions",
    "approval": "SELECT version_id || ' ' || content_hash FROM approvals",
}


@dataclass
class Ledger:
    """What was acknowledged, as ``(kind, what)``."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def note(self, kind: str, *what: str) -> None:
        """Add a line; lists take them from any thread."""
        self.lines.append((kind, " ".join(what)))

    def counted(self) -> Counter[str]:
        """Acknowledged writes by kind."""
        return Counter(kind for kind, _ in self.lines)


class Writer(threading.Thread):
    """One person who opens cases and works on them until told to stop."""

    def __init__(self, url: str, login: str, seed: int, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        opened = token(url, login, PASSWORD)
        self._client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {opened}"}, timeout=30
        )
        self._chance = random.Random(seed)
        self._ledger = ledger
        self._cases: list[str] = []
        self._runs: dict[str, str] = {}
        self._unsure: tuple[str, str] | None = None
        self.stopped = threading.Event()
        self.fault: BaseException | None = None

    def run(self) -> None:
        """Work; what a broken connection swallowed is not acknowledged and not noted."""
        acts = [
            self._open,
            self._code,
            self._draft,
            *(self._enter, self._upload, self._approve) * 2,
        ]
        try:
            while not self.stopped.is_set():
                self._chance.shuffle(acts)
                for act in acts:
                    with suppress(httpx.HTTPError):
                        act() if self._cases else self._open()
        except BaseException as fault:
            self.fault = fault
        finally:
            self._client.close()

    def _sent(self, path: str, **given: Any) -> Any:
        answer = self._client.post(path, **given)
        if not answer.is_success:
            time.sleep(0.05)
            return None
        return answer.json() if answer.content else {}

    def _open(self) -> None:
        """A case under a key; one whose answer was lost is sent again and opened once."""
        key, story = self._unsure or (
            uuid.uuid4().hex,
            f"ยายเลี้ยงหลาน {self._chance.randint(2, 9)} คนลำพัง เงินไม่พอซื้อนมและค่ายา",
        )
        self._unsure = key, story
        made = self._sent("/cases", json={"narrative": story}, headers={"Idempotency-Key": key})
        if made:
            self._unsure = None
            self._cases.append(made["id"])
            self._ledger.note("case", made["id"])

    def _enter(self) -> None:
        body = {"kind": "registration", "content": ENTRY}
        made = self._sent(f"/cases/{self._one()}/entries", json=body)
        if made:
            self._ledger.note("entry", made["id"])

    def _code(self) -> None:
        case_id, code = self._one(), self._chance.choice(("VIO-01", "DST-01"))
        body = {"code": code, "decision": "added"}
        if self._sent(f"/cases/{case_id}/codes", json=body) is not None:
            self._ledger.note("code", case_id, code)

    def _upload(self) -> None:
        content = PNG + self._chance.randbytes(self._chance.randint(1, 60_000))
        where = {"case_id": self._one(), "type_id": "doc:13"}
        made = self._sent("/documents", params=where, files={"file": ("a.png", content)})
        if made:
            digest = hashlib.sha256(content).hexdigest()
            self._ledger.note("document", made["versions"][0]["id"], digest)

    def _draft(self) -> None:
        case_id = self._one()
        made = self._sent(f"/cases/{case_id}/drafts") if case_id not in self._runs else None
        if made:
            self._runs[case_id] = made["id"]
            self._ledger.note("run", made["id"])

    def _approve(self) -> None:
        """Strike every claim of a finished draft and approve what is left."""
        for case_id, run in list(self._runs.items()):
            told = self._client.get(f"/drafts/{run}")
            if not told.is_success or told.json()["status"] in ("queued", "running"):
                continue
            if told.json()["status"] == "done":
                self._review(told.json()["version_id"])
            del self._runs[case_id]
            return

    def _review(self, version_id: str) -> None:
        version = self._client.get(f"/plans/{version_id}").raise_for_status().json()
        left = [i for i in _claims(version["content"]) if i not in version["decisions"]]
        struck = [{"sentence_id": i, "decision": "struck", "reason": "ทดสอบ"} for i in left]
        path = f"/plans/{version_id}"
        if left and self._sent(f"{path}/decisions", json={"decisions": struck}) is None:
            return
        for sentence_id in left:
            self._ledger.note("decision", version_id, sentence_id)
        digest = version["content_hash"]
        if self._sent(f"{path}/approve", json={"content_hash": digest}):
            self._ledger.note("approval", version_id, digest)

    def _one(self) -> str:
        return self._chance.choice(self._cases[-8:])


def _claims(part: Any) -> list[str]:
    if isinstance(part, dict):
        if "ink" in part:
            return [part["id"]] if part["ink"] != "frame" else []
        return [i for value in part.values() for i in _claims(value)]
    return [i for item in part for i in _claims(item)] if isinstance(part, list) else []


class Office:
    """A database, an API and a worker in processes of their own."""

    def __init__(self, folder: Path, nursery: Nursery | None = None) -> None:
        self.postgres = EmbeddedPostgres(folder)
        addresses = self.postgres.start()
        self.settings = load_settings(
            data_dir=folder / "d",
            database_url=addresses.app_url,
            database_owner_url=addresses.owner_url,
        )
        self._own = None if nursery else Nursery(self.settings, folder / "nursery.log")
        self._nursery = nursery or self._own
        self.database = Database(addresses)
        migrate(self.database)
        seed_demo(self.database, PASSWORD)
        self.wiring = Wiring(self.settings)
        assert self.wiring.secret
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}/api/v1"
        self._forked: dict[str, Forked] = {}
        for what in VICTIMS[:2]:
            self._start(what)

    def kill(self, victim: str) -> None:
        """Kill -9, and have another one up."""
        if victim == "database":
            pid_file = self.postgres.cluster / "postmaster.pid"
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
        else:
            self._forked[victim].kill()
        self._start(victim)

    def _start(self, what: str) -> None:
        if what == "database":
            self.postgres.start()
            return
        self._forked[what] = self._fork(what)
        until = time.monotonic() + START_S
        while what == "api" and not self._listens():
            assert time.monotonic() < until, self._forked[what].log.read_text(errors="replace")
            if not self._forked[what].lives():
                self._forked[what] = self._fork(what)
            time.sleep(0.02)

    def _fork(self, what: str) -> Forked:
        assert self._nursery is not None
        words = [str(self._port)] if what == "api" else []
        return self._nursery.fork(self.settings, what, *words)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def settle(self) -> None:
        """Wait until the worker has ended every draft."""
        until = time.monotonic() + SETTLED_S
        while self.asked(STARTED) != [0] and time.monotonic() < until:
            if not self._forked["worker"].lives():
                self._start("worker")
            time.sleep(0.2)

    def asked(self, statement: str) -> list[Any]:
        """The first column of a statement as the owner."""
        with self.database.owner_engine.begin() as owner:
            return list(owner.scalars(text(statement)))

    def close(self) -> None:
        """End everything."""
        for forked in self._forked.values():
            forked.kill()
        if self._own:
            self._own.close()
        self.wiring.close()
        self.database.close()
        self.postgres.stop()


@contextmanager
def office(folder: Path, nursery: Nursery | None = None) -> Iterator[Office]:
    """An office that ends with the test; its processes come from a nursery, its own if need be."""
    made = Office(folder, nursery)
    try:
        yield made
    finally:
        made.close()


def killed(
    running: Office, kills: int, seed: int = 2569, longest_s: float = LONGEST_S
) -> tuple[Ledger, Counter[str]]:
    """What was acknowledged while so many processes were killed, and how many of which."""
    ledger, chance = Ledger(), random.Random(seed)
    writers = [Writer(running.url, login, n, ledger) for n, login in enumerate(LOGINS)]
    for writer in writers:
        writer.start()
    died: Counter[str] = Counter()
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, longest_s))
        victim = chance.choice(VICTIMS)
        running.kill(victim)
        died[victim] += 1
    _until_all_kinds(ledger)
    for writer in writers:
        writer.stopped.set()
    for writer in writers:
        writer.join(timeout=60)
        assert writer.fault is None, writer.fault
    running.settle()
    return ledger, died


def _until_all_kinds(ledger: Ledger) -> None:
    """On a busy machine no plan may get as far as its approval between two kills."""
    until = time.monotonic() + PATIENCE_S
    while set(ledger.counted()) < set(WRITTEN) and time.monotonic() < until:
        time.sleep(0.5)


def damage(running: Office, ledger: Ledger) -> list[str]:
    """What is lost, half, left over, or does not verify."""
    found = [f"{why}: {ids}" for why, sql in HALF.items() if (ids := running.asked(sql))]
    for kind, statement in WRITTEN.items():
        there = set(running.asked(statement))
        lost = {what for k, what in ledger.lines if k == kind} - there
        found += [f"lost {kind} {what}" for what in sorted(lost)]
    files = running.wiring.document_files
    files.sweep(minutes=0)
    folder = running.settings.data_dir / "documents"
    kept = {files.path(i) for i in running.asked("SELECT id FROM document_versions")}
    on_disk = {path for path in folder.rglob("*") if path.is_file()}
    found += [f"orphan file {path}" for path in on_disk - kept]
    found += [f"lost file {path}" for path in kept - on_disk]
    found += [str(d) for d in running.wiring.proofs.verify()["damage"]]
    return found
