"""The reviewed lists and patterns of ``data/privacy.yaml``, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    where a word begins; ``but``: names it does not introduce.
    """

    pattern: re.Pattern[str]
    least: float
    score: float
    outside: bool
    at_word: bool
    but: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PrivacyRules:
    """Patterns by type and the word lists that surround names."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    cues: tuple[Cue, ...]
    cue_words: frozenset[str]
    followers: frozenset[str]
    joined: frozenset[str]
    breaks: frozenset[str]
    introduces: re.Pattern[str]
    not_names: frozenset[str]
    nicknames: frozenset[str]
    type_names: dict[str, str | None]
    treebank_tags: dict[str, str]


def arabic(text: str) -> str:
    """``text`` with Thai digits made Arabic; every offset stays the same."""
    return text.translate(THAI_DIGITS)


@cache
def load_privacy_rules() -> PrivacyRules:
    """The rules of the shipped data file."""
    file = resources.files("intake").joinpath("data", "privacy.yaml")
    return _compiled(yaml.safe_load(file.read_text(encoding="utf-8")))


def _compiled(data: dict[str, Any]) -> PrivacyRules:
    words: dict[str, str] = {n: data[n] for n in ("unit", "area", "common", "month")}
    words["province"] = _any(re.escape(str(name)) for name in provinces())
    patterns = [
        (kind, re.compile(_filled(pattern, words)))
        for kind, listed in data["patterns"].items()
        for pattern in listed
    ]
    return PrivacyRules(
        patterns=tuple(patterns),
        cues=tuple(_cue(**cue, hesitations=data["hesitations"]) for cue in data["cues"]),
        cue_words=frozenset(w for cue in data["cues"] for w in cue["words"].split()),
        followers=frozenset(data["followers"].split()),
        joined=frozenset(f"{data['joined']} {data['dialect']}".split()),
        breaks=frozenset(f"{data['followers']} {data['not_names']}".split()) - {*data["titles"]},
        introduces=re.compile(data["introduces"]),
        not_names=frozenset(data["not_names"].split()),
        nicknames=frozenset(data["nicknames"].split()),
        type_names=data["type_names"],
        treebank_tags=data["treebank_tags"],
    )


def _cue(
    words: str,
    least: float,
    score: float,
    hesitations: Iterable[str],
    outside: bool = False,
    at_word: bool = True,
    but: str = "",
) -> Cue:
    said, no = _any(re.escape(w) for w in words.split()), frozenset(but.split())
    if outside:
        pause = _any(map(re.escape, hesitations))
        return Cue(
            re.compile(rf"(?:{said})\s*(?:(?:{pause})\s+)*"), least, score, outside, at_word, no
        )
    return Cue(re.compile(rf"(?:{said}) ?"), least, score, outside, at_word, no)


def _any(words: Any) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern
