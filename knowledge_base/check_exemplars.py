"""The red flags' exemplar bank has its form: a file a flag, enough sentences, each said once.

A flag with few sentences would be heard less well than the others without anybody noticing.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Literal

from pydantic import Field

from knowledge_base.check_forms import fits
from knowledge_base.entries import Frozen
from knowledge_base.exemplars import FLAG_FOLDER
from knowledge_base.findings import DataFile, DataFiles, Finding, Row
from knowledge_base.library import Library
from knowledge_base.marked_yaml import unmarked

LEAST = {"positive": 40, "contrast": 20}
SHORTEST = 8
Why = Literal[
    "negation",
    "past_closed",
    "safe_now",
    "hypothetical",
    "other_story",
    "harmless_words",
    "below_threshold",
]


class FlagSentence(Frozen):
    """A sentence that raises the file's flag, and others beside it."""

    text: str = Field(min_length=SHORTEST)
    voice: str = Field(min_length=1)
    also: tuple[str, ...] = ()


class FlagContrast(Frozen):
    """A sentence near the flag that does not raise it."""

    text: str = Field(min_length=SHORTEST)
    why: Why


def flag_exemplars(files: DataFiles, library: Library) -> Iterator[Finding]:
    """What is wrong with the files of the bank, and flags of the code book without one."""
    known = library.codebook.red_flags
    seen: set[str] = set()
    found = files.folder(FLAG_FOLDER)
    for file in found:
        yield from _file(file, known)
        for key in LEAST:
            yield from _sentences(file, key, known, seen)
    named = {str(f.content.get("flag")) for f in found}
    for flag in known:
        if flag not in named:
            yield files.file("codebook.yaml").finding("uncovered", flag, "red_flags")


def _file(file: DataFile, known: Container[str]) -> Iterator[Finding]:
    flag = file.content.get("flag")
    if flag not in known:
        yield file.finding("dead_link", flag, "flag")
    if file.name != f"{FLAG_FOLDER}/{flag}.yaml":
        yield file.finding("name", flag, "flag")
    for key, least in LEAST.items():
        if len(file.rows(key)) < least:
            yield file.finding("too_few_exemplars", f"{key}: {len(file.rows(key))} < {least}", key)


def _sentences(
    file: DataFile, key: str, known: Container[str], seen: set[str]
) -> Iterator[Finding]:
    model = FlagSentence if key == "positive" else FlagContrast
    for row in file.rows(key):
        yield from fits(row, model, unmarked(dict(row.data)))
        yield from once(row, seen)
        for flag, steps in row.values("also"):
            if flag not in known:
                yield row.finding("dead_link", flag, *steps)


def once(row: Row, seen: set[str]) -> Iterator[Finding]:
    """A finding where a sentence was already said; remembers it."""
    text = str(row.data.get("text"))
    if text in seen:
        yield row.finding("duplicate", text[:40])
    seen.add(text)
