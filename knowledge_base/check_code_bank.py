"""The problem codes' exemplar bank has its form: known codes, enough sentences, each said once.

A name that is no code (an unquoted "none", a slip of the pen) would be learned as a code of its
own and stop coding where its column is looked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from knowledge_base.check_exemplars import SHORTEST, once
from knowledge_base.check_forms import fits
from knowledge_base.entries import Frozen
from knowledge_base.exemplars import SENTENCE_FOLDERS
from knowledge_base.findings import DataFile, DataFiles, Finding, Row
from knowledge_base.library import Library
from knowledge_base.marked_yaml import LINE, unmarked

LEAST = {"positive": 25, "contrast": 12}
Why = Literal["near_miss", "negation", "rumour", "past", "fear", "ordinary"]
Voice = Literal["spoken", "written", "chat", "child", "isan", "northern", "southern", "misspelt"]


class CodeSentence(Frozen):
    """A sentence that shows the code it stands under, and others beside it."""

    text: str = Field(min_length=SHORTEST)
    voice: Voice
    also: tuple[str, ...] = ()


class CodeContrast(Frozen):
    """A sentence near a code that does not show it, and the code it shows instead, if any."""

    text: str = Field(min_length=SHORTEST)
    why: Why
    shows: str | None = Field(alias="is")
    also: tuple[str, ...] = ()


def code_exemplars(files: DataFiles, library: Library) -> Iterator[Finding]:
    """What is wrong with the files of the bank, and codes with too few sentences."""
    known = library.codebook.codes
    seen: set[str] = set()
    counts: Counter[tuple[str, str]] = Counter()
    for file in (f for folder in SENTENCE_FOLDERS for f in files.folder(folder)):
        for code, lists in _codes(file):
            if code not in known:
                yield file.finding("dead_link", code, "codes", code)
            for key in LEAST:
                rows = list(lists.rows(key))
                counts[code, key] += len(rows)
                yield from _sentences(rows, code, key, known, seen)
    for code in known:
        for key, least in LEAST.items():
            if counts[code, key] < least:
                detail = f"{code} {key}: {counts[code, key]} < {least}"
                yield files.file("codebook.yaml").finding("too_few_exemplars", detail, "codes")


def _codes(file: DataFile) -> Iterator[tuple[str, Row]]:
    held: Any = file.content.get("codes")
    for code, lists in held.items() if isinstance(held, Mapping) else ():
        if code != LINE and isinstance(lists, Mapping):
            yield str(code), Row(file, lists, ("codes", code))


def _sentences(
    rows: list[Row], code: str, key: str, known: Container[str], seen: set[str]
) -> Iterator[Finding]:
    model = CodeSentence if key == "positive" else CodeContrast
    for row in rows:
        yield from fits(row, model, unmarked(dict(row.data)))
        yield from once(row, seen)
        for name, steps in (*row.values("also"), *row.values("is")):
            if name not in known or name == code:
                yield row.finding("dead_link", name, *steps)
