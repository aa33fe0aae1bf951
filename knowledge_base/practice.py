"""Practice notes and principles as citable entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge_base.entries import Entry, Kind, Source
from knowledge_base.marked_yaml import LINE, read_marked

FOLDERS = ("principles", "practice")


class PracticeEntry(Entry):
    """A note a worker can use: when, in which of the nine steps, for which codes and roles."""

    when_th: str | None = None
    steps: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def load_practice(data_dir: Path) -> dict[str, PracticeEntry]:
    """All entries of ``principles/*.yaml`` and ``practice/*.yaml`` by id."""
    found: dict[str, PracticeEntry] = {}
    for folder in FOLDERS:
        for file in sorted((data_dir / folder).glob("*.yaml")):
            for row in read_marked(file)["entries"]:
                entry = _entry(row, f"{folder}/{file.name}")
                found[entry.id] = entry
    return found


def _entry(row: dict[str, Any], file: str) -> PracticeEntry:
    line = row.pop(LINE)
    sources = tuple(
        Source(ref=ref, url=ref if ref.startswith("http") else None) for ref in row.pop("sources")
    )
    kind = Kind(row.pop("kind"))
    return PracticeEntry(
        kind=kind,
        context_th=row["title_th"],
        sources=sources,
        file=f"{file}:{line}",
        **row,
    )
