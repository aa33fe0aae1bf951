"""Practice notes and principles as citable entries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge_base.entries import Entry, Source
from knowledge_base.marked_yaml import LINE, read_marked, unmarked

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
                given = practice_data(row, f"{folder}/{file.name}")
                entry = PracticeEntry.model_validate(given)
                found[entry.id] = entry
    return found


def practice_data(row: Mapping[str, Any], file: str) -> dict[str, Any]:
    """A row of a practice file as the fields of `PracticeEntry`."""
    given: dict[str, Any] = unmarked(dict(row))
    given["sources"] = tuple(
        Source(ref=ref, url=ref if ref.startswith("http") else None)
        for ref in given.get("sources") or ()
    )
    return given | {"context_th": given.get("title_th", ""), "file": f"{file}:{row[LINE]}"}
