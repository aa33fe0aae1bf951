"""The wire to a chat server: never more than so many bytes, never longer than so many seconds.

A server that answers with ten megabytes or a byte a minute must not take the worker with it, so
both limits hold while the body is read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx

ANSWER_BYTES = 400_000


class ChatTooLong(httpx.TransportError):
    """The answer grew past the limit."""


class ChatTooSlow(httpx.TransportError):
    """The answer took longer than its budget."""


class Limited(httpx.BaseTransport):
    """Passes requests on and cuts answers off at a size and at a deadline."""

    def __init__(
        self, seconds: float, most: int = ANSWER_BYTES, inner: httpx.BaseTransport | None = None
    ) -> None:
        self._inner = inner or httpx.HTTPTransport()
        self._seconds = seconds
        self._most = most

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response, its body limited."""
        begun = time.monotonic()
        response = self._inner.handle_request(request)
        response.stream = _Body(response, begun + self._seconds, self._most)
        return response

    def close(self) -> None:
        """Close the connections behind."""
        self._inner.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpx.Response, deadline: float, most: int) -> None:
        self._stream = response.stream
        self._deadline = deadline
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        assert isinstance(self._stream, httpx.SyncByteStream)  # noqa: S101
        for chunk in self._stream:
            seen += len(chunk)
            if seen > self._most:
                raise ChatTooLong(str(self._most))
            if time.monotonic() > self._deadline:
                raise ChatTooSlow(str(self._deadline))
            yield chunk

    def close(self) -> None:
        self._stream.close()  # type: ignore[union-attr]


def limited_client(seconds: float) -> httpx.Client:
    """A client for one chat server; a single read waits at most ``seconds`` too."""
    return httpx.Client(transport=Limited(seconds), timeout=seconds, trust_env=False)
