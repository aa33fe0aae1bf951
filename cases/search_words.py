"""What somebody types to find a case, and the words a story is found by, in one spelling.

Spaces in Thai divide no words, and one story is written in several ways: zero-width characters,
Thai digits, a sara am in two parts, two spaces for one. Both sides are levelled alike. What is
typed may also be a person's: a name, an id or a phone, which only the blind index knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cases.person_identity import phone_number
from intake.citizen_id import DIGITS
from intake.name_matching import levelled_name, untitled
from knowledge_base.words import repaired, respelled
from knowledge_base.words import words as words_of

APART = re.compile(r"(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])")
BETWEEN_DIGITS = re.compile(r"[\s\-\u2013.()+]")
PHONE = range(9, 13)
SHORTEST = 2
Words = list[tuple[str, str]]


@dataclass(frozen=True)
class Sought:
    """``text`` in one spelling, the words of a story as typed and as one run, words of persons."""

    text: str
    told: list[str]
    told_joined: list[str]
    persons: Words


def sought(typed: str) -> Sought:
    """What was typed, as each part of the record can be asked for it."""
    text = levelled(typed)
    told, joined = set(words_of(text)), set(words_of(APART.sub("", text)))
    return Sought(text, sorted(told), sorted(joined) if joined != told else [], person_words(text))


def levelled(text: str) -> str:
    """One spelling of what looks the same; runs of spaces are one."""
    return " ".join(repaired(text).split())


def one_line(title: str) -> str:
    """A title without what cannot be seen in it: it is found by what is seen."""
    return " ".join(respelled(title).split())


def story_words(text: str) -> list[str]:
    """The words a story is found by, with those that only a space parts."""
    lines = text.split("\n")
    return sorted({w for line in lines for way in _ways(line) for w in words_of(way)})


def _ways(line: str) -> set[str]:
    return {line, APART.sub("", line)}


def person_words(text: str) -> Words:
    """``(kind, words)`` of the blind index that what was typed may be."""
    digits = BETWEEN_DIGITS.sub("", repaired(text))
    if digits.isdecimal():
        return _numbers(digits)
    parts = untitled(" ".join(text.split())).split()
    names = [levelled_name(text)] if len(parts) == 1 else []
    found = [(kind, name) for name in names for kind in ("given", "family")]
    for given, family in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])):
        if given and family:
            found.append(("name", f"{levelled_name(given[0])} {levelled_name(' '.join(family))}"))
    return [(kind, name) for kind, name in found if len(name) >= SHORTEST]


def _numbers(digits: str) -> Words:
    found = [("citizen_id", digits)] if len(digits) == DIGITS else []
    return found + [("phone", phone_number(digits))] * (len(digits) in PHONE)
