"""Tables that a command writes into a document of the repository, between two marks.

What is between the marks is replaced whole, so that the document never tells another run's figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runtime.errors import BadInput

BEGIN, END = "<!-- {name}: written by the command -->", "<!-- {name}: end -->"


class PlaceMissing(BadInput):
    """The document has no place for the table. Details: ``file``, ``begin``, ``end``."""

    code = "evals.place_missing"


def write_between(file: Path, name: str, text: str) -> None:
    """Put ``text`` between the marks of ``name``. Raises `PlaceMissing`."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    whole = file.read_text(encoding="utf-8")
    before, found, rest = whole.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise PlaceMissing(file=file.name, begin=begin, end=end)
    file.write_text("\n\n".join((before + begin, text, end + after)), encoding="utf-8")


def dated(document: Mapping[str, Any]) -> str:
    """When and at which commit a run was made; ``+`` stands for changes beside the commit."""
    made, times = document["made_with"], document["times"]
    commit = (made["code"]["commit"] or "–")[:10] + ("+" if made["code"]["changed"] else "")
    return f"Measured on {times['began'][:10]} at commit `{commit}`"
