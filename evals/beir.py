"""BEIR folders: a corpus, questions, and which rows answer which question."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from knowledge_base.chunking import Item
from runtime.errors import BadInput


class BeirFolderBroken(BadInput):
    """The folder is not a BEIR set. Details: ``file``, ``line`` (0: the file cannot be read)."""

    code = "evals.beir_broken"


@dataclass(frozen=True)
class BeirSet:
    """A corpus and its judged questions. ``relevant``: question id → ids of grade ≥ 1."""

    items: tuple[Item, ...]
    questions: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


def read_beir(folder: Path) -> BeirSet:
    """Read ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv``.

    Questions without a row of grade ≥ 1 are left out. Raises `BeirFolderBroken`.
    """
    items = tuple(_item(row) for row in _rows(folder / "corpus.jsonl", "_id", "text"))
    return judged(items, read_questions(folder), read_judgements(folder))


def read_questions(folder: Path) -> dict[str, str]:
    """Question id → text, of ``queries.jsonl``. Raises `BeirFolderBroken`."""
    return {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl", "_id", "text")}


def read_judgements(folder: Path) -> dict[str, set[str]]:
    """Question id → ids of grade ≥ 1, of ``qrels/test.tsv``. Raises `BeirFolderBroken`."""
    return _judgements(folder / "qrels" / "test.tsv")


def judged(
    items: tuple[Item, ...], asked: Mapping[str, str], relevant: Mapping[str, Collection[str]]
) -> BeirSet:
    """The questions with at least one relevant item. Raises `BeirFolderBroken` for none."""
    known = {item.id for item in items}
    found = {q: frozenset(relevant.get(q, ())) & known for q in asked}
    kept = {q: ids for q, ids in found.items() if ids}
    if not kept:
        raise BeirFolderBroken(file="qrels/test.tsv", line=0)
    return BeirSet(items, {q: asked[q] for q in kept}, kept)


def _item(row: Mapping[str, Any]) -> Item:
    """A row with its place in front: act › chapter › section for a statute, else the title."""
    known = row.get("metadata") or {}
    section = str(known.get("section") or "")
    named = " ".join(row["text"].split(maxsplit=2)[:2]) if section else ""
    place = [known.get("law") or row.get("title"), known.get("chapter"), named]
    sections = (section,) if section else ()
    return Item(row["_id"], " › ".join(p for p in place if p), row["text"], sections)


def _rows(file: Path, *needed: str) -> list[dict[str, Any]]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise BeirFolderBroken(file=file.name, line=0) from error
    return [_row(line, file, n, needed) for n, line in enumerate(lines, 1) if line.strip()]


def _row(line: bytes, file: Path, number: int, needed: tuple[str, ...]) -> dict[str, Any]:
    try:
        row: dict[str, Any] = orjson.loads(line)
        if all(isinstance(row[key], str) for key in needed):
            return row
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise BeirFolderBroken(file=file.name, line=number) from error
    raise BeirFolderBroken(file=file.name, line=number)


def _judgements(file: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t"), 1):
                if number > 1 and row and _grade(row, file, number) >= 1:
                    found.setdefault(row[0], set()).add(row[1])
    except (OSError, UnicodeDecodeError) as error:
        raise BeirFolderBroken(file=file.name, line=0) from error
    return found


def _grade(row: list[str], file: Path, number: int) -> float:
    try:
        return float(row[2])
    except (IndexError, ValueError) as error:
        raise BeirFolderBroken(file=file.name, line=number) from error
