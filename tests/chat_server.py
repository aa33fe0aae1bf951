"""A chat server that speaks the OpenAI protocol over real HTTP and behaves as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Asked"], "str | Trouble"]


@dataclass(frozen=True)
class Trouble:
    """An answer that is none: a status, raw bytes, many bytes, or silence."""

    status: int = 200
    raw: bytes | None = None
    repeat: int = 1
    pause_s: float = 0.0


@dataclass
class Asked:
    """One question as the server saw it."""

    body: dict[str, Any]
    number: int

    @property
    def prompt(self) -> str:
        """The user's message."""
        return str(self.body["messages"][-1]["content"])


@dataclass
class ChatServer:
    """A running server; ``reply`` may be changed while it runs, ``asked`` keeps the questions."""

    url: str
    reply: Reply
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def chat_server(reply: Reply) -> Iterator[ChatServer]:
    """A server on a free port of this machine."""
    made = ChatServer("", reply)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    httpd.daemon_threads = True
    made.url = f"http://127.0.0.1:{httpd.server_port}/v1"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            asked = Asked(json.loads(self.rfile.read(size)), len(server.asked))
            server.asked.append(asked)
            said = server.reply(asked)
            if isinstance(said, Trouble):
                self._trouble(said)
            else:
                self._send(200, completion(said))

        def _trouble(self, trouble: Trouble) -> None:
            time.sleep(trouble.pause_s)
            if trouble.raw is None:
                self._send(trouble.status, b'{"error": {"message": "no"}}')
                return
            self.send_response(trouble.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(trouble.raw) * trouble.repeat))
            self.end_headers()
            try:
                for _ in range(trouble.repeat):
                    self.wfile.write(trouble.raw)
            except OSError:
                self.close_connection = True

        def _send(self, status: int, data: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


def completion(text: str) -> bytes:
    """A chat completion with one message."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "test",
        "choices": [choice],
        "usage": usage,
    }
    return json.dumps(body, ensure_ascii=False).encode()
