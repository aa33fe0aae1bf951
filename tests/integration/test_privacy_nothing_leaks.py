"""No identifying word reaches a chat model, a log, a job's payload or an error report.

Whole drafts run with a real chat server over HTTP, a real worker and a real database, with logs at
their most talkative; then all four are searched for every identifying word of the stories.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.routes import install
from cases.intake import CaseFiles
from cases.people import Person
from commands.main import call
from intake.placeholders import PLACEHOLDER
from intake.privacy import Masker
from planner.chat_model import open_chat
from planner.graph import Planner
from runtime.database import Database
from runtime.logs import configure
from runtime.settings import Settings
from tests.chat_server import Asked, ChatServer, Trouble, chat_server
from tests.hostile import answer
from tests.identified_stories import Identified, identified
from tests.integration.record import PASSWORD, Record, made
from tests.working import settings_of

SEEDS = range(4)


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    """The chat server that keeps every request as it came."""
    with chat_server(polite) as running:
        yield running


@pytest.fixture(scope="module")
def office(
    settings: Settings, make_database: Callable[[], Database], model: ChatServer
) -> Iterator[Record]:
    """A record whose worker asks the chat server."""
    own = make_database()
    record = made(
        settings_of(settings, own.addresses).model_copy(
            update={
                "chat_model": "test",
                "chat_base_url": model.url,
                "chat_timeout_s": 20.0,
                "log_level": "debug",
            }
        )
    )
    vars(record.wiring)["planner"] = Planner(record.wiring.library, chat=record.wiring.chat)
    yield record
    record.database.close()
    own.close()


@pytest.fixture
def logs(office: Record) -> Iterator[io.StringIO]:
    """Everything any logger says, as a server would write it."""
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure(office.wiring.settings, server=True, stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def polite(asked: Asked) -> str:
    """An answer that speaks of the first person of the prompt, by the placeholder."""
    person = next(p for p in PLACEHOLDER.findall(asked.prompt) if p.startswith("⟦PERSON"))
    return answer(f"{person} ควรได้พักในที่ปลอดภัยก่อน", cited=1, quotes=(person,))


def owner_of(office: Record) -> Person:
    """A case manager of the demo office."""
    return office.person("somying.pmj")


def drafted(office: Record, story: Identified) -> dict[str, Any]:
    """The run of one story, done by the worker."""
    person = owner_of(office)
    case_id = office.opened(person, story.text)
    run = office.services.drafting.request(person, case_id)
    office.work()
    return office.services.drafting.read(person, run["id"]) | {"case_id": case_id}


def jobs(office: Record) -> str:
    """All that the queue holds, as text."""
    rows = office.owner("SELECT j::text FROM procrastinate_jobs j")
    events = office.owner("SELECT e::text FROM procrastinate_events e")
    return "\n".join(str(row[0]) for row in [*rows, *events])


def found_in(text: str, story: Identified) -> list[str]:
    """Identifying words of a story that stand in ``text``, also escaped as JSON."""
    escaped = (json.dumps(w)[1:-1] for w in story.secrets)
    return [w for w, e in zip(story.secrets, escaped, strict=True) if w in text or e in text]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_whole_draft_gives_nothing_away(
    seed: int, office: Record, model: ChatServer, logs: io.StringIO
) -> None:
    story = identified(seed)
    model.asked.clear()
    run = drafted(office, story)
    assert run["status"] == "done"
    assert run["engine"] == "chat:test"
    sent = json.dumps([a.body for a in model.asked], ensure_ascii=False)
    assert PLACEHOLDER.search(sent)
    assert found_in(sent, story) == []
    assert "draft_plan" in jobs(office)
    assert found_in(jobs(office), story) == []
    assert logs.getvalue()
    assert found_in(logs.getvalue(), story) == []


def test_what_placeholders_stand_for_lies_sealed_with_the_case(office: Record) -> None:
    story = identified(101)
    run = drafted(office, story)
    ((kept,),) = office.owner("SELECT sealed FROM case_names WHERE case_id = :c", c=run["case_id"])
    assert not any(w.encode() in bytes(kept) for w in story.secrets)
    names = office.wiring.vault.open(bytes(kept))
    assert story.secrets[0] in " ".join(f for forms in names.forms.values() for f in forms)


def test_a_second_draft_of_a_case_uses_the_same_placeholders(
    office: Record, model: ChatServer
) -> None:
    story, person = identified(102), owner_of(office)
    model.asked.clear()
    run = drafted(office, story)
    office.services.drafting.request(person, run["case_id"])
    office.work()
    first, second = (PLACEHOLDER.findall(a.prompt) for a in model.asked)
    assert first == second


@pytest.mark.parametrize("trouble", [Trouble(500), Trouble(raw=b'{"choices": []}')])
def test_errors_of_the_model_tell_nothing(
    trouble: Trouble, office: Record, model: ChatServer, logs: io.StringIO
) -> None:
    story = identified(103)
    model.reply = lambda _: trouble
    try:
        run = drafted(office, story)
    finally:
        model.reply = polite
    assert (run["status"], run["engine"]) == ("done", "composer")
    for report in (json.dumps(run, default=str), jobs(office), logs.getvalue()):
        assert found_in(report, story) == []


def test_when_masking_fails_nothing_is_sent_and_the_composer_says_why(
    office: Record, model: ChatServer, logs: io.StringIO
) -> None:
    story = identified(104)

    def broken(text: str) -> list[Any]:
        raise RuntimeError(text)

    chat = open_chat(office.wiring.settings, Masker(broken).mask)
    whole = vars(office.wiring)["planner"]
    vars(office.wiring)["planner"] = Planner(office.wiring.library, chat=chat)
    model.asked.clear()
    try:
        run = drafted(office, story)
    finally:
        vars(office.wiring)["planner"] = whole
    version = office.services.review.read(owner_of(office), run["version_id"])
    assert model.asked == []
    assert version["content"]["engine"] == "composer"
    assert version["content"]["engine_note"] == "privacy.masking_failed"
    assert found_in(logs.getvalue() + jobs(office), story) == []


class Talkative(Planner):
    """A planner whose fault quotes the story, as a careless library's might."""

    def draft(self, narrative: Any, *_: Any, **__: Any) -> Any:
        """Fails with the whole story in the message."""
        raise ValueError(narrative.text)


def test_a_fault_that_quotes_the_story_is_reported_without_it(
    office: Record, logs: io.StringIO
) -> None:
    story = identified(105)
    whole = vars(office.wiring)["planner"]
    vars(office.wiring)["planner"] = Talkative(office.wiring.library)
    try:
        run = drafted(office, story)
    finally:
        vars(office.wiring)["planner"] = whole
    for report in (json.dumps(run, default=str), jobs(office), logs.getvalue()):
        assert found_in(report, story) == []


class Quoting:
    """A coder whose fault quotes the story, with the real one's words in its local variables."""

    def code(self, narrative: Any) -> Any:
        """Fails with the whole story in the message."""
        raise ValueError(narrative.text)


def test_an_error_over_http_tells_nothing(office: Record, logs: io.StringIO) -> None:
    story = identified(107)
    services = office.services
    files = CaseFiles(office.database, services.library, Quoting(), office.wiring.embedder)
    api = FastAPI()
    install(api, replace(services, files=files))
    with TestClient(api, raise_server_exceptions=False) as client:
        who = {"login": "somying.pmj", "password": PASSWORD}
        token = client.post("/api/v1/login", json=who).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        broken = client.post("/api/v1/cases", json={"narrative": story.text})
        refused = client.post("/api/v1/cases", json={"narrative": [story.text], "title": 7})
    assert (broken.status_code, refused.status_code) == (500, 422)
    assert "ValueError" in logs.getvalue()
    for report in (broken.text, refused.text, logs.getvalue()):
        assert found_in(report, story) == []


def test_an_error_on_the_command_line_tells_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    story = identified(106)
    file = tmp_path / "story.txt"
    file.write_bytes(story.text.encode() + b"\xff\xfe")
    assert call(["redact", str(file)]) == 2
    told = capfd.readouterr()
    assert found_in(told.out + told.err, story) == []
