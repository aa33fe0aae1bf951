"""The exemplar banks: reviewed sentences for each problem code and red flag, and near ones.

The classifiers learn from them. A contrast names the code it is (or none), so that a denial, a
rumour or a neighbour's case is learned as an absence of the code it sounds like. All but the
first author's sentences were written by people who had read no story the coder is measured on; the
third folder's tell what is seen, heard or follows, and seldom the problem's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

FOLDER = "exemplars"
SENTENCE_FOLDERS = (FOLDER, "exemplars-second", "exemplars-third")
FLAG_FOLDER = "red-flag-exemplars"


Name = Annotated[str, Field(pattern=r"^([A-Z]{3}-\d{2}|RF\d{2})$")]


class Exemplar(Frozen):
    """One sentence of ``home``'s list and the codes or flags it shows (ordinary ones: none)."""

    text: str
    home: Name
    codes: frozenset[Name]
    voice: str = ""
    why: str = ""


@cache
def load_exemplars(data_dir: Path = DATA) -> tuple[Exemplar, ...]:
    """The first author's exemplars of problem codes, in the order of their files."""
    return tuple(_of_folder(data_dir / FOLDER))


@cache
def load_sentences(data_dir: Path = DATA) -> tuple[Exemplar, ...]:
    """The exemplars of problem codes of all authors, in the order they were written."""
    return tuple(e for folder in SENTENCE_FOLDERS for e in _of_folder(data_dir / folder))


@cache
def load_flag_exemplars(data_dir: Path = DATA) -> tuple[Exemplar, ...]:
    """All exemplars of red flags in the order of their files."""
    return tuple(
        exemplar
        for file in sorted((data_dir / FLAG_FOLDER).glob("*.yaml"))
        for exemplar in _of_flag(unmarked(read_marked(file)))
    )


def files_hash(folder: Path) -> str:
    """sha256 over the names and bytes of a bank's files."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.yaml")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _of_folder(folder: Path) -> Iterable[Exemplar]:
    for file in sorted(folder.glob("*.yaml")):
        for code, lists in unmarked(read_marked(file))["codes"].items():
            yield from _of(code, lists)


def _of_flag(content: dict[str, Any]) -> Iterable[Exemplar]:
    return _of(str(content["flag"]), content)


def _of(code: str, lists: dict[str, Any]) -> Iterable[Exemplar]:
    for row in lists.get("positive", ()):
        yield _exemplar(code, row, {code})
    for row in lists.get("contrast", ()):
        named = row.get("is")
        yield _exemplar(code, row, {str(named)} if named else set())


def _exemplar(code: str, row: dict[str, object], shown: set[str]) -> Exemplar:
    also = row.get("also")
    more = {str(c) for c in also} if isinstance(also, list) else set()
    return Exemplar(
        text=str(row["text"]),
        home=code,
        codes=frozenset(shown | more),
        voice=str(row.get("voice", "")),
        why=str(row.get("why", "")),
    )
