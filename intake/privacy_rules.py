"""The reviewed lists and patterns of ``data/privacy.yaml``, compiled once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pythainlp.corpus import provinces

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True)
class Cue:
    """Words after which a name may stand, and how much that name must look like one.

    ``least``: log odds; ``outside``: the cue is no part of the name; ``at_word``: it counts only
    where a word begins; ``but``: names it does not introduce;
    ``family``: log odds asked of a family name; ``formal``: no kinship word follows it.
    """

    pattern: re.Pattern[str]
    least: float
    score: float
    outside: bool
    at_word: bool
    but: frozenset[str] = frozenset()
    family: float = 0.5
    formal: bool = False


@dataclass(frozen=True)
class PlaceUnit:
    """A word that says what kind of place follows, or a whole part of an address.

    ``named``: a name must follow, beginning as ``first`` allows and with none of ``but``;
    ``numbered``: a number may close the name; ``at_word``: it counts only as a word of its own;
    ``proper``: what follows must look like a proper name, not like a kind.
    """

    role: str
    pattern: re.Pattern[str]
    named: bool
    first: re.Pattern[str]
    but: frozenset[str]
    numbered: bool
    at_word: bool
    proper: bool


@dataclass(frozen=True)
class PrivacyRules:
    """Patterns by type and the word lists that surround names."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    cues: tuple[Cue, ...]
    cue_words: frozenset[str]
    formal: frozenset[str]
    begin_names: frozenset[str]
    followers: frozenset[str]
    joined: frozenset[str]
    breaks: frozenset[str]
    introduces: re.Pattern[str]
    beside: re.Pattern[str]
    kin: re.Pattern[str]
    roles: re.Pattern[str]
    own: frozenset[str]
    family_words: re.Pattern[str]
    virtues: frozenset[str]
    no_family: frozenset[str]
    place_units: tuple[PlaceUnit, ...]
    place_ends: frozenset[str]
    place_adjectives: frozenset[str]
    place_openers: frozenset[str]
    place_number: re.Pattern[str]
    place_beginnings: re.Pattern[str]
    not_names: frozenset[str]
    nicknames: frozenset[str]
    alias: re.Pattern[str]
    types: frozenset[str]
    type_names: dict[str, str | None]
    treebank_tags: dict[str, str]


def arabic(text: str) -> str:
    """``text`` with Thai digits made Arabic; every offset stays the same."""
    return text.translate(THAI_DIGITS)


def identifying(text: str, kinds: Collection[str]) -> Iterator[tuple[str, str, int, int]]:
    """What the patterns of some kinds find: kind, words with Arabic digits, and where they stand.

    A named group ``x`` of a pattern narrows its words.
    """
    plain = arabic(text)
    for kind, pattern in load_privacy_rules().patterns:
        if kind in kinds:
            for match in pattern.finditer(plain):
                group = "x" if "x" in pattern.groupindex else 0
                yield kind, match.group(group), *match.span(group)


@cache
def load_privacy_rules() -> PrivacyRules:
    """The rules of the shipped data file."""
    file = resources.files("intake").joinpath("data", "privacy.yaml")
    return _compiled(yaml.safe_load(file.read_text(encoding="utf-8")))


def _compiled(data: dict[str, Any]) -> PrivacyRules:
    words: dict[str, str] = {
        "month": data["month"],
        "digit": data["digit"],
        "common": _any(data["common"].split()),
    }
    words["beginning"] = _any(data["place_beginnings"].split())
    provincial = [*provinces(), *data["province_shorts"].split()]
    words["province"] = "(?:" + _any(re.escape(str(name)) for name in provincial) + ")"
    patterns = [
        (kind, re.compile(_filled(pattern, words)))
        for kind, listed in data["patterns"].items()
        for pattern in listed
    ]
    return PrivacyRules(
        patterns=tuple(patterns),
        cues=tuple(_cue(cue, data["hesitations"]) for cue in data["cues"]),
        cue_words=frozenset(w for cue in data["cues"] for w in cue["words"].split()),
        formal=frozenset(
            w for cue in data["cues"] if cue.get("formal") for w in cue["words"].split()
        ),
        begin_names=frozenset(data["begin_names"].split()),
        followers=frozenset(data["followers"].split()),
        joined=frozenset(f"{data['joined']} {data['dialect']}".split()),
        breaks=frozenset(f"{data['followers']} {data['not_names']}".split()) - {*data["titles"]},
        introduces=re.compile(data["introduces"]),
        beside=re.compile(data["beside"]),
        kin=re.compile(_any(data["kin"].split())),
        roles=re.compile(_any(map(re.escape, data["roles"].split()))),
        own=frozenset(data["own"].split()),
        family_words=_family_words(data),
        virtues=frozenset(data["virtues"].split()),
        no_family=frozenset(data["no_family"].split()),
        place_units=tuple(_unit(data, words, unit) for unit in data["place_units"]),
        place_ends=frozenset(f"{data['common']} {data['followers']}".split()),
        place_adjectives=frozenset(data["place_adjectives"].split()),
        place_openers=frozenset(data["place_openers"].split()),
        place_beginnings=re.compile(_any(data["place_beginnings"].split())),
        place_number=_place_number(data["counted"].split()),
        not_names=frozenset(data["not_names"].split()),
        nicknames=frozenset(data["nicknames"].split()),
        alias=re.compile(data["alias"]),
        types=frozenset(data["types"]),
        type_names=data["type_names"],
        treebank_tags=data["treebank_tags"],
    )


def _unit(data: dict[str, Any], words: dict[str, str], unit: dict[str, Any]) -> PlaceUnit:
    no = unit.get("but", "")
    if unit.get("common"):
        no = f"{no} {data['common']} {data['followers']}"
    yet = frozenset(unit.get("yet", "").split())
    return PlaceUnit(
        unit["role"],
        re.compile(_filled(unit["pattern"], words)),
        unit.get("named", False),
        re.compile(words["beginning"] if unit.get("begins") else ""),
        frozenset(no.split()) - yet,
        unit.get("numbered", False),
        unit.get("at_word", False),
        unit.get("proper", False),
    )


def _place_number(counted: Iterable[str]) -> re.Pattern[str]:
    """A number that closes a place's name, not one that counts something."""
    things = _any(map(re.escape, counted))
    return re.compile(rf" ?\d{{1,3}}(?:/\d{{1,3}})?(?![\d/.:-])(?! *(?:{things}))")


def _family_words(data: dict[str, Any]) -> re.Pattern[str]:
    """A family name that is ordinary words: a virtue, or several of the parts such names have."""
    parts = _any(data["family_parts"].split())
    return re.compile(f"{_any(data['virtues'].split())}|(?:{parts}){{2,4}}")


def _cue(cue: dict[str, Any], hesitations: Iterable[str]) -> Cue:
    said = _any(re.escape(w) for w in cue["words"].split())
    outside = cue.get("outside", False)
    pause = rf"\s*(?:(?:{_any(map(re.escape, hesitations))})\s+)*" if outside else " ?"
    return Cue(
        re.compile(f"(?:{said}){pause}"),
        cue["least"],
        cue["score"],
        outside,
        cue.get("at_word", True),
        frozenset(cue.get("but", "").split()),
        cue.get("family", 0.5),
        cue.get("formal", False),
    )


def _any(words: Any) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern
