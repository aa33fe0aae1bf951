"""The reviewed words of kin, role and oneself, and the patterns around them, compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from intake.words import load_words


@dataclass(frozen=True)
class Word:
    """What a word of kin or role says of whom it means."""

    id: str
    kin: bool
    sex: str | None = None
    wary: bool = False
    role: str | None = None
    young: bool = False
    official: bool = False
    bystander: bool = False


@dataclass(frozen=True)
class PeopleWords:
    """Words by their form, and patterns by their name in ``people.yaml`` (``part.name``)."""

    words: Mapping[str, Word]
    longest: re.Pattern[str]
    always: frozenset[str]
    often: frozenset[str]
    named: frozenset[str]
    office: str
    pronouns: frozenset[str]
    patterns: Mapping[str, re.Pattern[str]]
    reach: int
    inverses: Mapping[str, str]
    whole: frozenset[str]
    apart: frozenset[str]

    def all_words(self) -> frozenset[str]:
        """Every word that the segmenter must keep whole."""
        return frozenset(self.words) | self.always | self.often | self.whole


@cache
def load_people_words() -> PeopleWords:
    """The words and patterns of the shipped data files."""
    kin, rules = _read("kinship.yaml"), _read("people.yaml")
    words = {
        form: _word(name, row, kin=part == "kin")
        for part in ("nouns", "kin")
        for name, row in kin[part].items()
        for form in row["words"].split()
    }
    oneself = kin["self"]
    told = {*words, *oneself["always"].split(), *oneself["often"].split()}
    told |= set(kin["pronouns"].split())
    return PeopleWords(
        words=words,
        longest=re.compile("|".join(map(re.escape, sorted(told, key=len, reverse=True)))),
        always=frozenset(oneself["always"].split()),
        often=frozenset(oneself["often"].split()),
        named=frozenset(oneself["named"].split()),
        office=oneself["office"],
        pronouns=frozenset(kin["pronouns"].split()),
        patterns=dict(_patterns(rules)),
        reach=rules["harm"]["reach"],
        inverses={name: row["inverse"] for name, row in kin["kin"].items()},
        whole=frozenset(kin["whole"].split()),
        apart=frozenset(kin["apart"].split()),
    )


def _word(name: str, row: Mapping[str, Any], *, kin: bool) -> Word:
    return Word(
        id=name,
        kin=kin,
        sex=row.get("sex"),
        wary=row.get("wary", False),
        role=row.get("is"),
        young=row.get("young", row.get("generation", 0) < 0),
        official=row.get("official", False),
        bystander=row.get("bystander", False),
    )


def _patterns(rules: Mapping[str, Any]) -> Any:
    groups = load_words()
    for part, row in rules.items():
        for name, value in row.items() if isinstance(row, dict) else [("", row)]:
            if isinstance(value, str):
                filled = value.replace("<hit>", groups["hit"]).strip()
                yield f"{part}.{name}".strip("."), re.compile(filled, re.DOTALL)


def _read(file: str) -> dict[str, Any]:
    source = resources.files("intake").joinpath("data", file)
    found: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return found
