"""Thai sentences from reviewed templates; placeholders filled, nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

_PLACE = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"[ \t]{2,}")
_NAMES = r"\{(?:client|child|place)\}"
_BEFORE = re.compile(rf"(\S*[\u0e01-\u0e4e]) (?={_NAMES})")
_BEHIND = re.compile(rf"({_NAMES}) ([\u0e01-\u0e4e]\S*)")
_DATE = re.compile(r"(\S+ ?)?\{date\}")
ADULT, OLD = 18, 60


@cache
def read_words(name: str) -> dict[str, Any]:
    """A file of ``templates/`` by its name."""
    file = resources.files("planner").joinpath("templates", f"{name}.yaml")
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def templates() -> dict[str, str]:
    """The templates of ``templates/th.yaml`` by name."""
    return read_words("th")


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern of Thai words that checks use."""
    return re.compile(templates()[name])


def say(name: str, /, **places: str) -> str:
    """A template with its places filled."""
    return tidy(templates()[name].format(**places))


def fill(text: str, places: Mapping[str, str]) -> str:
    """A library text with its placeholders filled; unknown ones become the client's noun."""
    text = text.replace(templates()["place.service"], templates()["place.service_means"])
    text = _BEFORE.sub(_joined, _BEHIND.sub(_followed, text))
    text = _DATE.sub(_dated, text)
    return tidy(_PLACE.sub(lambda m: places.get(m.group(1), places["client"]), text))


def _joined(match: re.Match[str]) -> str:
    """Thai joins words, but keeps a space behind a phrase of time."""
    before = match.group(1)
    return before + " " if pattern("space.after").search(before) else before


def _followed(match: re.Match[str]) -> str:
    """Thai writes a name and the verb behind it together; a space parts two phrases."""
    name, behind = match.groups()
    return match.group() if pattern("space.part").search(behind) else name + behind


def _dated(match: re.Match[str]) -> str:
    before = match.group(1) or ""
    if before.rstrip().endswith(templates()["date.word"]):
        return match.group()
    return before.rstrip() + templates()["date.day"]


def tidy(text: str) -> str:
    """Single spaces, none at the ends."""
    return _SPACES.sub(" ", text).strip()


@cache
def _nouns(kind: str = "nouns") -> dict[str, str]:
    return {code: noun for noun, codes in read_words("persons")[kind].items() for code in codes}


def need_noun(code: str, client: str) -> str:
    """Who has the needs of a code, where that is not the ``client``."""
    return _nouns("needs").get(code, client)


def client_noun(code: str, primary: str, facts: Mapping[str, object]) -> str:
    """The neutral noun for the person a code speaks of; ``primary`` lends its own to the rest."""
    words = read_words("persons")
    if noun := _nouns().get(code):
        return noun
    lent = _nouns().get(primary, "")
    if lent in words["lend"]:
        return lent
    age = facts.get("age_years")
    if isinstance(age, int) and age < ADULT:
        return str(words["young"])
    return str(words["old" if isinstance(age, int) and age >= OLD else "other"])


def listed(items: Iterable[str]) -> str:
    """Things as Thai lists them: spaces between, the last joined by "and"."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return templates()["list.comma"].join(items[:-1]) + templates()["list.and"] + items[-1]
