"""Webhooks over real HTTP: signed, told once, worthless to whoever replays or alters them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from cases import webhooks
from cases.webhooks import Receiver, WebhookTask
from runtime.job_context import JobContext
from tests.integration.record import Record

SECRET = "a-shared-secret-of-enough-letters-2569"
CONTEXT = JobContext(1, webhooks.TASK, 0, None, lambda: False)


class Listener(ThreadingHTTPServer):
    """The other side: keeps what it accepts; ``status`` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.receiver = Receiver(SECRET)
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.accepted: list[bytes] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/events"


class Heard(BaseHTTPRequestHandler):
    """One message."""

    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name: self.headers[name] for name in webhooks.HEADERS}
        self.server.messages.append((headers, body))
        if self.server.status < 300 and self.server.receiver.accepts(headers, body):
            self.server.accepted.append(body)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def tell(record: Record, url: str | None) -> None:
    WebhookTask(record.database, url, SECRET)({}, CONTEXT)


def test_events_are_told_once_signed_and_without_words(record: Record, listener: Listener) -> None:
    person = record.person("somying.pmj")
    case_id = record.opened(person)
    record.services.files.read(person, case_id)
    tell(record, None)
    listener.status = 503
    tell(record, listener.url)
    assert listener.accepted == []
    listener.status = 204
    tell(record, listener.url)
    tell(record, listener.url)
    (body,) = listener.accepted
    told = orjson.loads(body)
    assert (told["action"], told["case_id"], told["agency_id"]) == ("case_opened", case_id, "pmj")
    assert "นวลจันทร์" not in body.decode()
    nonces = [headers[webhooks.HEADERS[1]] for headers, _ in listener.messages]
    assert len(set(nonces)) == 1
    assert len(nonces) == 2


def test_a_server_that_is_not_there_loses_nothing(record: Record, listener: Listener) -> None:
    case_id = record.opened(record.person("malee.bpd"))
    tell(record, "http://127.0.0.1:1/events")
    tell(record, listener.url)
    assert [orjson.loads(b)["case_id"] for b in listener.accepted] == [case_id]


def test_what_was_replayed_altered_or_is_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"action": "case_opened"}'
    headers = webhooks.signed(SECRET, "nonce-1", body)
    receiver = Receiver(SECRET)
    assert not Receiver("another-secret-of-enough-letters-25").accepts(headers, body)
    assert not receiver.accepts(headers, body + b" ")
    for name in webhooks.HEADERS:
        assert not receiver.accepts(headers | {name: f"{headers[name]}1"}, body)
        assert not receiver.accepts({k: v for k, v in headers.items() if k != name}, body)
    assert receiver.accepts(headers, body)
    assert not receiver.accepts(headers, body)
    monkeypatch.setattr(webhooks, "FRESH_S", -1)
    assert not Receiver(SECRET).accepts(headers, body)
