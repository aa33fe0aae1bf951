"""Telephone lines that may be named: whose, when they answer, and when that was last confirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from knowledge_base.entries import Confidence, Frozen
from knowledge_base.marked_yaml import read_marked, unmarked


class Hotline(Frozen):
    """One line. ``number``: digits (``1300``, ``0 2123 4567``) or ``LINE @name``."""

    number: str = Field(pattern=r"^(\d[\d -]{2,14}|LINE @\w+)$")
    about_th: str
    about_en: str | None = None
    agency_th: str
    hours_th: str | None = None
    confidence: Confidence
    sources: tuple[str, ...] = ()
    last_confirmed: date | None = None


def load_hotlines(data_dir: Path) -> dict[str, Hotline]:
    """The lines of ``hotlines.yaml`` by number."""
    rows = unmarked(read_marked(data_dir / "hotlines.yaml"))["hotlines"]
    return {row["number"]: Hotline.model_validate(row) for row in rows}
