"""A transcription server over real HTTP that hears the same words in every recording."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORD_S = 0.4


@contextmanager
def speech_server(words: Sequence[tuple[str, float]]) -> Iterator[str]:
    """The address of a running server; ``words`` with how sure it is of each."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(_answer(words)))
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}/v1"
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def _answer(words: Sequence[tuple[str, float]]) -> bytes:
    text = "".join(word for word, _ in words)
    heard = [
        {"word": word, "start": i * WORD_S, "end": (i + 1) * WORD_S, "probability": sure}
        for i, (word, sure) in enumerate(words)
    ]
    whole = {"start": 0.0, "end": len(words) * WORD_S, "text": text, "avg_logprob": -0.2}
    return json.dumps({"text": text, "segments": [whole], "words": heard}).encode()


def _handler(answer: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
