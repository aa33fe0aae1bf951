"""Texts whose identifying words are annotated: vignettes with keys, and span files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from intake.entities import Entity
from intake.privacy_rules import load_privacy_rules
from intake.reading import ABOVE_OR_BELOW, Reading, is_word
from knowledge_base.marked_yaml import LINE, read_marked
from runtime.errors import BadInput

SHORTEST_PART = 4


class PrivacySetBroken(BadInput):
    """A file is no annotated set. Details: ``file``, ``line`` (0: the whole file)."""

    code = "evals.privacy_set_broken"


class PrivacySetMissing(BadInput):
    """Neither or both of a vignette file and a span file are given."""

    code = "evals.privacy_set_missing"


@dataclass(frozen=True)
class Labelled:
    """A text, its identifying words (our type names), and the types its set annotates."""

    id: str
    text: str
    gold: tuple[Entity, ...]
    types: frozenset[str]


def read_vignettes(path: Path) -> list[Labelled]:
    """Stories with every occurrence of the key's words, and of parts of a person's full name.

    The set annotates the types of ``meta.pii_types``. Raises `PrivacySetBroken`.
    """
    try:
        data = read_marked(path)
        cases = data["vignettes"]
        names = (data.get("meta") or {}).get("pii_types") or _names_used(cases)
        types = frozenset(t for name in names if (t := our_type(name)))
        if not cases:
            raise PrivacySetBroken(file=path.name, line=0)
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise PrivacySetBroken(file=path.name, line=0) from error
    return [_vignette(case, types, path) for case in cases]


def read_spans(path: Path) -> list[Labelled]:
    """Rows ``{id, text, spans: [{start, end, type}]}``; types we do not mask are left out.

    Raises `PrivacySetBroken`.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise PrivacySetBroken(file=path.name, line=0) from error
    rows = [_row(line, path, n) for n, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise PrivacySetBroken(file=path.name, line=0)
    types = frozenset(e.type for _, _, gold in rows for e in gold)
    return [Labelled(name, text, gold, types) for name, text, gold in rows]


def our_type(name: str) -> str | None:
    """Our name of another vocabulary's type; None for what does not identify a person."""
    return load_privacy_rules().type_names.get(name)


def occurrences(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where ``words`` stand in ``text``, not cut out of a longer cluster or number."""
    for match in re.finditer(re.escape(words), text):
        after = text[match.end() : match.end() + 1]
        before = text[match.start() - 1 : match.start()]
        digits = words[-1].isdigit() and after.isdigit()
        if not (digits or (words[0].isdigit() and before.isdigit())) and (
            after not in ABOVE_OR_BELOW or not after
        ):
            yield match.span()


def _meant(words: str, text: str, reading: Reading) -> list[tuple[int, int]]:
    """Occurrences that are not only letters of a longer dictionary word; at least the first."""
    every = list(occurrences(words, text))
    return [span for span in every if not _in_word(span, reading)] or every[:1]


def _in_word(span: tuple[int, int], reading: Reading) -> bool:
    start = max(at for at in reading.ends if at <= span[0])
    end = reading.ends[start]
    return end >= span[1] and (start, end) != span and is_word(reading.text[start:end])


def _vignette(case: Any, types: frozenset[str], path: Path) -> Labelled:
    try:
        text: str = case["narrative"]
        reading = Reading(text, load_privacy_rules())
        found: dict[tuple[int, int], str] = {}
        for item in case["key"]["pii"]:
            kind = our_type(item["type"])
            for words in _spellings(item["text"], kind) if kind else ():
                for span in _meant(words, text, reading):
                    found.setdefault(span, str(kind))
        return Labelled(str(case["id"]), text, _outermost(found), types)
    except (KeyError, TypeError, AttributeError) as error:
        line = case.get(LINE, 0) if isinstance(case, dict) else 0
        raise PrivacySetBroken(file=path.name, line=line) from error


def _spellings(words: str, kind: str | None) -> list[str]:
    parts = [p for p in words.split() if len(p) >= SHORTEST_PART] if kind == "PERSON" else []
    return [words, *parts]


def _outermost(found: Mapping[tuple[int, int], str]) -> tuple[Entity, ...]:
    spans = sorted(found, key=lambda s: (s[0], -s[1]))
    kept: list[Entity] = []
    for start, end in spans:
        if not kept or start >= kept[-1].end:
            kept.append(Entity(start, end, found[start, end]))
    return tuple(kept)


def _names_used(cases: list[Any]) -> set[str]:
    return {item["type"] for case in cases for item in case["key"]["pii"]}


def _row(line: bytes, path: Path, number: int) -> tuple[str, str, tuple[Entity, ...]]:
    try:
        row = orjson.loads(line)
        text = str.__str__(row["text"])
        gold = [
            Entity(span["start"], span["end"], kind)
            for span in row["spans"]
            if (kind := our_type(span["type"]))
        ]
        if all(0 <= e.start < e.end <= len(text) for e in gold):
            return str(row.get("id", number)), text, tuple(gold)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise PrivacySetBroken(file=path.name, line=number) from error
    raise PrivacySetBroken(file=path.name, line=number)
