"""The exemplar bank's stories have their form: known codes, problems together, each said once."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from pydantic import Field

from knowledge_base.check_exemplars import SHORTEST, once
from knowledge_base.check_forms import fits
from knowledge_base.entries import Frozen
from knowledge_base.exemplar_stories import STORY_FOLDER
from knowledge_base.findings import DataFiles, Finding, Row
from knowledge_base.library import Library
from knowledge_base.marked_yaml import unmarked

LEAST = 2  # codes a story


class StorySentence(Frozen):
    """A sentence, the codes it shows or the one it sounds like and does not show."""

    text: str = Field(min_length=SHORTEST)
    shows: tuple[str, ...] = ()
    like: str = ""


def exemplar_stories(files: DataFiles, library: Library) -> Iterator[Finding]:
    """What is wrong with the stories' files."""
    known = library.codebook.codes
    seen: set[str] = set()
    for file in files.folder(STORY_FOLDER):
        for story in file.rows("stories"):
            rows = list(story.rows("sentences"))
            yield from (found for row in rows for found in _sentence(row, known, seen))
            shown = {name for row in rows for name, _ in row.values("shows")}
            if len(shown) < LEAST:
                yield story.finding("too_few_exemplars", f"{len(shown)} < {LEAST}", "sentences")


def _sentence(row: Row, known: Container[str], seen: set[str]) -> Iterator[Finding]:
    data: Any = unmarked(dict(row.data))
    yield from fits(row, StorySentence, data)
    yield from once(row, seen)
    for name, steps in (*row.values("shows"), *row.values("like")):
        if name not in known:
            yield row.finding("dead_link", name, *steps)
