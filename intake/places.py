"""Addresses down to the house number, and small places that tell who somebody is.

An address is a row of parts (number, village number, lane, sub-district, …). A province alone,
or a house that is only somebody's house, tells nobody and stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.entities import Entity
from intake.name_likeness import family_likeness, given_likeness
from intake.privacy_rules import PlaceUnit, arabic
from intake.reading import Reading, is_word

GAP = re.compile(r"[ ,]{0,2}")
LONGEST, LONGEST_OPENED = 24, 12
PROPER_ODDS = -2.0
SCORE = 1.0


@dataclass(frozen=True)
class Part:
    """One part of an address, and whether it says where rather than only what."""

    start: int
    end: int
    role: str


def place_words(reading: Reading) -> Iterator[Entity]:
    """ADDRESS and PLACE entities of a text."""
    for row in _rows(reading, sorted(_parts(reading), key=lambda p: (p.start, -p.end))):
        kind = _kind({part.role for part in row})
        if kind:
            yield Entity(row[0].start, row[-1].end, kind, SCORE)


def _kind(roles: set[str]) -> str | None:
    if "local" in roles or ("village" in roles and len(roles) > 1):
        return "ADDRESS"
    if "site" in roles and "province" in roles:
        return "ADDRESS"
    return "PLACE" if "place" in roles else None


def _parts(reading: Reading) -> Iterator[Part]:
    plain = arabic(reading.text)
    for unit in reading.rules.place_units:
        for match in unit.pattern.finditer(plain):
            if unit.at_word and not _at_word(reading, match.start(), match.end()):
                continue
            end = _named(reading, plain, unit, match.end()) if unit.named else match.end()
            if end > match.end() or not unit.named:
                yield Part(match.start(), end, unit.role)


def _at_word(reading: Reading, start: int, end: int) -> bool:
    """Whether the unit is a word here, not the beginning of another that means no place."""
    return reading.after_word(start) and reading.compound(start, end) == end


def _named(reading: Reading, plain: str, unit: PlaceUnit, at: int) -> int:
    """Where the name after a unit ends; ``at`` itself if no name stands there."""
    stop = reading.run(at)
    words = reading.between(at, stop) if stop > at else []
    if not words or not unit.first.match(plain, at):
        return at
    if words[0] in unit.but:
        return stop if _opened(reading, unit, words) else at
    end = at
    for i, word in enumerate(words):
        if (i and _ends(reading, word, end + len(word), stop)) or end + len(word) - at > LONGEST:
            break
        end += len(word)
    if end - at < 2 or (unit.proper and not _proper(reading, at, end)):
        return at
    number = reading.rules.place_number.match(plain, end) if unit.numbered else None
    return number.end() if number else end


def _opened(reading: Reading, unit: PlaceUnit, words: list[str]) -> bool:
    """Whether a word that names often begin with, and pronouns are, begins a whole name here."""
    rules, rest = reading.rules, words[1:]
    short = bool(rest) and sum(map(len, words)) <= LONGEST_OPENED and not unit.first.pattern
    speaks = rules.breaks | rules.cue_words | rules.place_ends
    return short and words[0] in rules.place_openers and not speaks & {*rest}


def _proper(reading: Reading, start: int, end: int) -> bool:
    """Whether words are a proper name: a word no dictionary has, a place's or a person's name."""
    words, name = reading.between(start, end), reading.text[start:end]
    strange = any(len(w) > 2 and not is_word(w) for w in words)
    placed = reading.rules.place_beginnings.match(name) is not None
    odds = max(given_likeness(name, words), family_likeness(name, words))
    return strange or placed or odds >= PROPER_ODDS


def _ends(reading: Reading, word: str, end: int, stop: int) -> bool:
    """Whether a word cannot be part of a place's name, unless the name closes with it."""
    rules = reading.rules
    return word in rules.place_ends and not (end == stop and word in rules.place_adjectives)


def _rows(reading: Reading, parts: list[Part]) -> Iterator[list[Part]]:
    row: list[Part] = []
    for part in parts:
        if row and part.start < row[-1].end:
            last = row[-1]
            row[-1] = Part(last.start, max(last.end, part.end), last.role)
            continue
        if row and not GAP.fullmatch(reading.text, row[-1].end, part.start):
            yield row
            row = []
        row.append(part)
    if row:
        yield row
