"""Passages that came cut already: one JSON object a line, as BEIR's ``corpus.jsonl`` has them.

``text`` is needed; ``title`` and ``metadata`` (``law``, ``section``, ``chapter``) are used where
they are given.
"""

from __future__ import annotations

from typing import Any

import orjson

from knowledge_base.plain_text import decoded
from knowledge_base.reading import Reading, Row
from knowledge_base.reading_errors import RowBroken
from knowledge_base.thai_repair import mended


def read(name: str, content: bytes) -> Reading:
    """Every row of the file; raises `RowBroken` with the line."""
    lines = enumerate(decoded(name, content).split("\n"), 1)
    rows = [_row(name, number, line) for number, line in lines if line.strip()]
    return Reading(media_type="application/jsonl", rows=tuple(r for r in rows if r.text))


def _row(name: str, number: int, line: str) -> Row:
    try:
        given: Any = orjson.loads(line)
        about = given.get("metadata") or {}
        return Row(
            title=_string(given.get("title")) or "",
            text=_string(given["text"]) or "",
            law=_string(about.get("law")),
            section=_string(about.get("section")),
            chapter=_string(about.get("chapter")),
        )
    except (orjson.JSONDecodeError, KeyError, AttributeError, TypeError):
        raise RowBroken(file=name, line=number) from None


def _string(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str | int):
        raise TypeError
    return mended(str(value)) or None
