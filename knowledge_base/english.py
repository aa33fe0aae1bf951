"""English words for what the data files name in Thai only: titles, danger signs, short phrases.

They stand in files of their own (``data/titles-en``): whoever reviews a translation touches no
knowledge, and no plan rests on them, so they are no part of the library's version. Bodies of law
and of notes stay in Thai.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from knowledge_base.codebook import Codebook
from knowledge_base.entries import Entry, Frozen
from knowledge_base.marked_yaml import read_marked, unmarked
from knowledge_base.schemes import Scheme

FOLDER = "titles-en"
Thing = TypeVar("Thing", bound=BaseModel)
Titled = TypeVar("Titled", bound=Entry)
Words = dict[str, str]


class FlagWords(Frozen):
    """A danger sign, and what to do at once."""

    sign: str
    action: str


class SchemeWords(Frozen):
    """A scheme's benefit, criteria by id, amounts by key with ``{value}`` in the figure's place."""

    benefit: str | None = None
    criteria: Words = Field(default_factory=dict)
    amounts: Words = Field(default_factory=dict)


class English(Frozen):
    """The words of all files of the folder, by the id of what they name."""

    titles: Words = Field(default_factory=dict)
    flags: dict[str, FlagWords] = Field(default_factory=dict)
    documents: Words = Field(default_factory=dict)
    hotlines: Words = Field(default_factory=dict)
    starts: Words = Field(default_factory=dict)
    urgency_levels: Words = Field(default_factory=dict)
    appeals: Words = Field(default_factory=dict)
    interactions: Words = Field(default_factory=dict)
    proofs: Words = Field(default_factory=dict)
    schemes: dict[str, SchemeWords] = Field(default_factory=dict)

    def titled(self, entries: Mapping[str, Titled]) -> dict[str, Titled]:
        """Entries with an English title, their own where they bring one."""
        return {
            i: e if e.title_en else e.model_copy(update={"title_en": self.titles.get(i)})
            for i, e in entries.items()
        }

    def book(self, codebook: Codebook) -> Codebook:
        """The code book with its danger signs and levels of urgency in English."""
        flags = {
            i: flag.model_copy(update={"sign_en": said.sign, "action_en": said.action})
            if (said := self.flags.get(i))
            else flag
            for i, flag in codebook.red_flags.items()
        }
        levels = named(codebook.urgency_levels, "en", self.urgency_levels)
        return codebook.model_copy(update={"red_flags": flags, "urgency_levels": levels})

    def worded(self, schemes: Mapping[str, Scheme]) -> dict[str, Scheme]:
        """Schemes with what they give and ask in English."""
        nothing = SchemeWords()
        return {i: _worded(s, self.schemes.get(i, nothing)) for i, s in schemes.items()}


def _worded(scheme: Scheme, words: SchemeWords) -> Scheme:
    said = {
        "benefit_en": words.benefit,
        "criteria": tuple(
            c.model_copy(update={"en": words.criteria.get(c.id)}) for c in scheme.criteria
        ),
        "rates": tuple(
            r.model_copy(update={"en": _amount(words.amounts.get(r.key), r.value)})
            for r in scheme.rates
        ),
    }
    return scheme.model_copy(update=said)


def _amount(words: str | None, value: float) -> str | None:
    figure = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return words.replace("{value}", figure) if words else None


def named(things: Mapping[str, Thing], field: str, words: Mapping[str, str]) -> dict[str, Thing]:
    """Things by id with their ``field`` in English; one without words stays as it is."""
    return {
        i: thing.model_copy(update={field: words[i]}) if i in words else thing
        for i, thing in things.items()
    }


def load_english(data_dir: Path) -> English:
    """The words of ``titles-en/*.yaml``; no words where there is no such folder."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for file in sorted((data_dir / FOLDER).glob("*.yaml")):
        for kind, words in unmarked(read_marked(file)).items():
            found[kind] |= words
    return English.model_validate(found)
