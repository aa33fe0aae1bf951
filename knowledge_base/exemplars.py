"""The exemplar bank: reviewed sentences for each problem code, and near ones that are not it.

The code classifier learns from them. A contrast names the code it is (or none), so that a denial,
a rumour or a neighbour's case is learned as an absence of the code it sounds like.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from knowledge_base.entries import Frozen
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

FOLDER = "exemplars"


class Exemplar(Frozen):
    """One sentence of ``home``'s list and the codes it shows (none for an ordinary one)."""

    text: str
    home: str
    codes: frozenset[str]
    voice: str = ""
    why: str = ""


@cache
def load_exemplars(data_dir: Path = DATA) -> tuple[Exemplar, ...]:
    """All exemplars in the order of their files."""
    return tuple(
        exemplar
        for file in sorted((data_dir / FOLDER).glob("*.yaml"))
        for code, lists in unmarked(read_marked(file))["codes"].items()
        for exemplar in _of(code, lists)
    )


def exemplars_hash(exemplars: Iterable[Exemplar]) -> str:
    """sha256 over sentences and their codes."""
    digest = hashlib.sha256()
    for exemplar in exemplars:
        digest.update(f"{exemplar.text}\t{sorted(exemplar.codes)}\n".encode())
    return digest.hexdigest()


def _of(code: str, lists: dict[str, list[dict[str, object]]]) -> Iterable[Exemplar]:
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
