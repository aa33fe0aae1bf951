"""Named statements kept in ``queries.sql`` files, one per room."""

from __future__ import annotations

import re
from importlib import resources

from sqlalchemy import TextClause, text

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def statements(room: str) -> dict[str, TextClause]:
    """The statements of a room's ``queries.sql`` by name."""
    source = resources.files(room).joinpath("queries.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(source)
    return {
        name: text(body.strip().rstrip(";"))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }
