"""Named statements kept in ``.sql`` files: ``queries.sql`` of a room, or one file per noun."""

from __future__ import annotations

import re
from importlib import resources

from sqlalchemy import TextClause, text

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def statements(room: str, noun: str = "queries") -> dict[str, TextClause]:
    """The statements of a room's ``<noun>.sql`` by name."""
    source = resources.files(room).joinpath(f"{noun}.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(source)
    return {
        name: text(body.strip().rstrip(";"))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }
