"""Files of a form, written to the disk as they come.

Of a file over the limit the rest is counted and let go, so that the others of the form are taken
and its owner is told its size.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import Any, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from api.audio import FIELD
from api.errors import RequestUnreadable
from cases.source_arrivals import Sent, TooManyFiles

IN_MEMORY = 1 << 20


@asynccontextmanager
async def sent_files(request: Request, *, most: int, most_bytes: int) -> AsyncIterator[list[Sent]]:
    """The files of a request, in order, until the block is left.

    Raises `RequestUnreadable` for what is no whole form or holds no file, `TooManyFiles`.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise RequestUnreadable(fields=FIELD)
    with ExitStack() as opened:
        form = _Form(opened, most, most_bytes)
        parser = MultipartParser(options[b"boundary"], cast("Any", form.callbacks()))
        try:
            async for piece in request.stream():
                await run_in_threadpool(parser.write, piece)
        except FormParserError:
            raise RequestUnreadable(fields=FIELD) from None
        if not form.ended or not form.files:
            raise RequestUnreadable(fields=FIELD)
        yield form.files


class _Form:
    """What the parser meets, part by part."""

    def __init__(self, opened: ExitStack, most: int, most_bytes: int) -> None:
        self.files: list[Sent] = []
        self.ended = False
        self._opened, self._most, self._most_bytes = opened, most, most_bytes
        self._in_file = False
        self._name, self._value, self._disposition = b"", b"", b""

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls, by its names."""
        names = ("part_begin", "header_field", "header_value", "header_end", "headers_finished")
        return {f"on_{name}": getattr(self, name) for name in (*names, "part_data", "end")}

    def part_begin(self) -> None:
        self._in_file, self._disposition = False, b""

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name, self._value = b"", b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"filename" not in options or options.get(b"name") != FIELD.encode():
            return
        if len(self.files) == self._most:
            raise TooManyFiles(limit=self._most)
        file = self._opened.enter_context(SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
        name = options[b"filename"].decode("utf-8", "replace")
        self.files.append(Sent(name, cast("Any", file), 0))
        self._in_file = True

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._in_file:
            return
        one = self.files[-1]
        room = max(0, self._most_bytes - one.size)
        one.content.write(data[start : min(end, start + room)])
        self.files[-1] = one._replace(size=one.size + end - start)

    def end(self) -> None:
        self.ended = True
