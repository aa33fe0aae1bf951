"""The text of an act cut into its sections, and the keys by which two texts are the same section.

Forms of titles and headings are data (``data/statute-forms.yaml``). A section that an amending act
quotes stays within the section that quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from knowledge_base.reading import Block
from knowledge_base.words import repaired

HEAD_LINES = 2
LOOK_BACK = 80
LONGEST_QUOTE = 60
QUOTED = 1.5
Place = tuple[int, int, int]
THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Part:
    """A section of an act, or (``section`` None) what stands outside of all."""

    section: str | None
    chapter: str
    text: str
    page: int | None


@dataclass(frozen=True)
class Statute:
    """An act as a file has it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class _Line:
    text: str
    plain: str
    page: int | None


def law_key(title: str) -> str:
    """What stays of an act's title when spelling, spacing and marks do not count."""
    key = repaired(title)
    for one, other in _forms()["same"].items():
        key = key.replace(one, other)
    return _pattern("ignored").sub("", key)


def section_key(section: str) -> str:
    """A section's number in one spelling: ``๒๗๗ทวิ`` is ``277 ทวิ``."""
    found = _pattern("section").match(f"{_forms()['word']}{repaired(section).strip()}")
    return _number(found) if found else _SPACES.sub(" ", repaired(section)).strip()


def begins_anew(line: str) -> bool:
    """Whether a line is the head of a section or of a part of an act."""
    plain = repaired(line).strip()
    return bool(_pattern("section").match(plain) or _pattern("part").match(plain))


def statute(blocks: Iterable[Block]) -> Statute | None:
    """The act a document holds; None when it is none."""
    lines = list(_lines(blocks))
    title = _title(lines)
    if not title:
        return None
    parts = tuple(_parts(lines))
    found = sum(1 for part in parts if part.section)
    return Statute(title, parts) if found >= _forms()["least_sections"] else None


def _lines(blocks: Iterable[Block]) -> Iterator[_Line]:
    head = _pattern("page_head")
    for block in blocks:
        for text in block.text.split("\n"):
            plain = repaired(text).strip()
            if plain and not head.match(plain):
                yield _Line(text.strip(), plain, block.page)


def _title(lines: list[_Line]) -> str:
    """The act's title, which may run over lines and ends with its year; some codes have none."""
    forms = _forms()
    for start, line in enumerate(lines[: forms["search_lines"]]):
        if line.plain.startswith(tuple(forms["kinds"])):
            end = _dated(lines, start)
            if end:
                return _titled(" ".join(x.text for x in lines[start:end]))
            if line.plain not in forms["kinds"] and len(line.text) <= forms["longest_part"]:
                return line.text
    return ""


def _dated(lines: list[_Line], start: int) -> int | None:
    """Behind the line with the title's year; an act that amends another may name two years."""
    year = _pattern("year")
    for end in range(start + 1, min(start + _forms()["title_lines"], len(lines)) + 1):
        if _pattern("section").match(lines[end - 1].plain):
            return None
        if year.search(lines[end - 1].plain):
            return end + bool(lines[end : end + 1] and year.fullmatch(lines[end].plain))
    return None


def _titled(text: str) -> str:
    """The text up to its last year."""
    years = list(_pattern("year").finditer(text.translate(THAI_DIGITS)))
    return text[: years[-1].end()] if years else text


def _parts(lines: list[_Line]) -> Iterator[Part]:
    heads, cutter = _heads(lines), _Cutter()
    for place, line in enumerate(lines):
        yield from cutter.take(line, heads.get(place))
    yield from cutter.close()


def _heads(lines: list[_Line]) -> dict[int, str]:
    """Section numbers by the line they begin at.

    Many lines look like a head: sections that an amending act quotes, or that a line break has
    put first. The act's own sections are the chain that counts up most evenly.
    """
    tried = ((i, _pattern("section").match(line.plain)) for i, line in enumerate(lines))
    found = [(i, match) for i, match in tried if match]
    places, quoted = [_place(m) for _, m in found], _quoted(lines)
    best: list[tuple[float, int | None]] = []
    for at, place in enumerate(places):
        ways: list[tuple[float, int | None]] = [(1.0 if place[0] == 1 else 0.0, None)]
        ways += [
            (best[i][0] + _step(places[i], place), i) for i in range(max(0, at - LOOK_BACK), at)
        ]
        worth, way = max(ways, key=lambda way: way[0])
        best.append((worth - (QUOTED if found[at][0] in quoted else 0.0), way))
    at_last: int | None = max(range(len(best)), key=lambda i: best[i][0]) if best else None
    chain = {}
    while at_last is not None:
        line, match = found[at_last]
        chain[line] = _number(match)
        at_last = best[at_last][1]
    return chain


def _quoted(lines: list[_Line]) -> set[int]:
    """Lines within an open quotation; one that is never closed ends by itself."""
    opening, closing = _forms()["quotes"]
    depth, since, found = 0, 0, set()
    for place, line in enumerate(lines):
        if depth and place - since > LONGEST_QUOTE:
            depth = 0
        if depth:
            found.add(place)
        since = since if depth else place
        depth = max(0, depth + line.text.count(opening) - line.text.count(closing))
    return found


def _step(one: Place, other: Place) -> float:
    """How well a section follows another: the next number best, any later one a little."""
    if other <= one:
        return -1e9
    if other == (one[0] + 1, 0, 0):
        return 2.0
    if other[0] == one[0]:
        return 1.2
    return 0.5 - 0.01 * min(other[0] - one[0], 100)


class _Cutter:
    """Takes an act line by line and gives its parts as they end."""

    def __init__(self) -> None:
        self._headings: dict[int, list[str]] = {}
        self._level: int | None = None
        self._section: str | None = None
        self._quoted = 0
        self._lines: list[_Line] = []

    def take(self, line: _Line, number: str | None) -> Iterator[Part]:
        """The part that ends before this line, if any; ``number`` when a section begins here."""
        level = None if number or self._quoted else _level(line)
        ends = not self._quoted and _pattern("end").match(line.plain)
        if number or level is not None or ends:
            yield from self.close()
            self._section, self._level = number, level
        if level is not None:
            self._headings = {k: v for k, v in self._headings.items() if k < level}
            self._headings[level] = [line.text]
        elif self._level is not None and len(self._headings[self._level]) < HEAD_LINES:
            self._headings[self._level].append(line.text)
        else:
            self._level = None
            self._add(line)

    def close(self) -> Iterator[Part]:
        """The part that is being read."""
        if self._lines:
            chapter = " › ".join(" ".join(v) for _, v in sorted(self._headings.items()))
            text = "\n".join(line.text for line in self._lines)
            yield Part(self._section, chapter, text, self._lines[0].page)
        self._lines, self._section, self._quoted = [], None, 0

    def _add(self, line: _Line) -> None:
        opening, closing = _forms()["quotes"]
        self._quoted = max(0, self._quoted + line.text.count(opening) - line.text.count(closing))
        self._lines.append(line)


def _place(found: re.Match[str]) -> Place:
    main, _, sub = found.group(1).partition("/")
    suffixes = _forms()["suffixes"]
    return int(main), int(sub or 0), suffixes.index(found.group(2)) + 1 if found.group(2) else 0


def _number(found: re.Match[str]) -> str:
    return f"{found.group(1)} {found.group(2)}" if found.group(2) else found.group(1)


def _level(line: _Line) -> int | None:
    found = _pattern("part").match(line.plain)
    if not found or len(line.text) > _forms()["longest_part"]:
        return None
    levels: dict[str, int] = _forms()["levels"] | _forms()["bare"]
    return levels[found.group(1) or found.group(2)]


@cache
def _forms() -> dict[str, Any]:
    file = resources.files("knowledge_base").joinpath("data/statute-forms.yaml")
    forms: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return forms


@cache
def _pattern(name: str) -> re.Pattern[str]:
    forms = _forms()
    pattern: str = forms[name]
    for group in ("suffixes", "levels", "bare"):
        words = sorted(forms[group], key=len, reverse=True)
        pattern = pattern.replace(f"{{{group}}}", "|".join(words))
    return re.compile(pattern)
