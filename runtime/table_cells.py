"""Cells that no spreadsheet takes for a formula, in every table that leaves the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
MARK = "'"


def inert(cell: Any) -> str:
    """A cell's words; an apostrophe in front of words that would be read as a formula.

    A number is a number, also below nought.
    """
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"{MARK}{cell}"
    return "" if cell is None else str(cell)


def told(words: str) -> str:
    """What `inert` was given: the apostrophe that kept a cell from being a formula is gone."""
    return words[1:] if words[:1] == MARK and words[1:].startswith(STARTS_A_FORMULA) else words


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with the mark that lets Excel read Thai; a cell that starts a formula is quoted."""
    kept = io.StringIO()
    written = csv.writer(kept)
    written.writerows([[inert(cell) for cell in row] for row in (columns, *rows)])
    return b"\xef\xbb\xbf" + kept.getvalue().encode()
