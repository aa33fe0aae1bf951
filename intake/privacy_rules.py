"""The reviewed lists and patterns of ``data/privacy.yaml``, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pythainlp.corpus import provinces

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True)
class PrivacyRules:
    """Patterns by type and the word lists that surround names."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    titled: re.Pattern[str]
    kin: re.Pattern[str]
    naming: re.Pattern[str]
    not_names: frozenset[str]
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
    hesitations = "|".join(map(re.escape, data["hesitations"]))
    return PrivacyRules(
        patterns=tuple(patterns),
        titled=re.compile(rf"(?:{_any(data['titles'])}) ?"),
        kin=re.compile(rf"(?:{_any(map(re.escape, data['kinship']))})"),
        naming=re.compile(rf"(?:{_any(data['naming'])})\s*(?:(?:{hesitations})\s+)*"),
        not_names=frozenset(data["not_names"]),
        type_names=data["type_names"],
        treebank_tags=data["treebank_tags"],
    )


def _any(words: Any) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern
