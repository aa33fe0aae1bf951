"""A file to a browser in the parts it asks for: a player jumps within a long recording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

PIECE = 64 * 1024
_ASKED = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(file: BinaryIO, size: int, media_type: str, asked: str | None) -> Response:
    """The file, or the part that a Range header asks for; closes the file when it was sent.

    A header that is no single range of bytes is ignored, one outside the file answered with 416.
    """
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": "inline"}
    match = _ASKED.fullmatch(asked.strip()) if asked else None
    if match is None or match[0] == "bytes=-":
        headers["Content-Length"] = str(size)
        return StreamingResponse(_parts(file, 0, size), 200, headers, media_type)
    start, end = _within(match, size)
    if start > end:
        file.close()
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    headers["Content-Length"] = str(end + 1 - start)
    return StreamingResponse(_parts(file, start, end + 1), 206, headers, media_type)


def _within(match: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; an open start means the last so many bytes."""
    if not match[1]:
        return max(0, size - int(match[2])), size - 1
    return int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)


def _parts(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start
        while left > 0 and (part := file.read(min(PIECE, left))):
            left -= len(part)
            yield part
