"""A worker killed in the middle of a draft: the next goes on, asks no model twice, drafts once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cases.people import Person
from tests.chat_server import Asked, ChatServer, Trouble, chat_server
from tests.hostile import answer
from tests.integration.record import Record

REPOSITORY = Path(__file__).parents[2]
LONG_S = 120


@contextmanager
def worker(record: Record, chat: ChatServer, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A drafting worker in a process of its own."""
    settings = record.wiring.settings
    secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
    given = {
        "CMIS_DATA_DIR": str(settings.data_dir),
        "CMIS_DATABASE_URL": str(settings.database_url),
        "CMIS_DATABASE_OWNER_URL": str(settings.database_owner_url),
        "CMIS_SECRET_KEY": secret,
        "CMIS_CHAT_MODEL": "test",
        "CMIS_CHAT_BASE_URL": chat.url,
        "CMIS_CHAT_ANSWER_TOKENS": "200",
    }
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.drafting_worker"],
            cwd=REPOSITORY,
            env=os.environ | given,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def eventually(found: Callable[[], Any], running: subprocess.Popen[bytes], log: Path) -> Any:
    until = time.monotonic() + LONG_S
    while time.monotonic() < until:
        assert running.poll() is None, log.read_text(errors="replace")[-3000:]
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError(log.read_text(errors="replace")[-3000:])


def test_a_killed_draft_is_finished_once_and_its_answers_are_not_asked_again(
    record: Record, owner: Person, tmp_path: Path
) -> None:
    def first_part_then_silence(asked: Asked) -> str | Trouble:
        return answer("สวัสดี") if asked.number == 0 else Trouble(status=500, pause_s=30)

    case_id = record.opened(owner)
    run = record.services.drafting.request(owner, case_id)
    drafting = record.services.drafting

    with chat_server(first_part_then_silence) as chat:
        log = tmp_path / "first.log"
        with worker(record, chat, log) as first:
            eventually(lambda: len(chat.asked) == 2, first, log)
            shown = drafting.read(owner, run["id"])
            first.kill()
            first.wait()
        assert shown["status"] == "running"
        assert list(shown["parts"])[:2] == ["select", "schemes"]
        assert {"assessment", "plan"} <= set(shown["parts"])
        before = [a.prompt for a in chat.asked]

        chat.reply = lambda asked: answer("สวัสดี")
        log = tmp_path / "second.log"
        with worker(record, chat, log) as second:
            eventually(lambda: drafting.read(owner, run["id"])["status"] == "done", second, log)
        assert [a.prompt for a in chat.asked] == [*before, before[1]]

    done = drafting.read(owner, run["id"])
    assert done["parts"] == {}
    assert (
        record.owner("SELECT count(*) AS n FROM run_parts WHERE run_id = :r", r=run["id"])[0].n == 0
    )
    (version,) = record.owner("SELECT content FROM plan_versions WHERE case_id = :c", c=case_id)
    assert version.content["engine"] == "chat:test"
    made_from = version.content["made_from"]
    assert made_from["prompt"]
    assert made_from["prompt_sha256"]
    assert made_from["parameters"]["max_tokens"] == 200
    assert all(e["sha256"] for e in made_from["evidence"])
