"""Neighbouring systems as data: which of their columns is which of our fields, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import Field

from cases.casebook import casebook
from cases.exchange_errors import ProfileUnknown
from knowledge_base.entries import Frozen


class Incoming(Frozen):
    """Columns of a file that comes in."""

    external_id: str
    received: str
    title: str
    story: str
    more: tuple[str, ...] = ()
    required: tuple[str, ...]
    children: str | None = None
    registration: Mapping[str, str | bool]
    case_types: Mapping[str, str] = {}


class Profile(Frozen):
    """One neighbouring system. ``outgoing``: by column, which value stands in it."""

    id: str
    name_th: str
    name_en: str
    confidence: str
    incoming: Incoming = Field(alias="import")
    outgoing: Mapping[str, str] = Field(alias="export")


def exchange_data() -> dict[str, Any]:
    """The content of ``data/exchange.yaml``."""
    return casebook("exchange")


def answer_of(words: str) -> bool | None:
    """Yes or no, as people write it; None for anything else."""
    known = {
        w: kind == "yes"
        for kind, all_words in exchange_data()["answers"].items()
        for w in all_words
    }
    return known.get(words.strip().lower())


def word_for(answer: bool) -> str:
    """Yes or no in the word that comes first."""
    return str(exchange_data()["answers"]["yes" if answer else "no"][0])


@cache
def profiles() -> dict[str, Profile]:
    """All profiles of ``data/exchange.yaml`` by id."""
    rows: list[dict[str, Any]] = exchange_data()["profiles"]
    return {row["id"]: Profile.model_validate(row) for row in rows}


def profile_of(profile_id: str) -> Profile:
    """A profile; raises `ProfileUnknown`."""
    found = profiles().get(profile_id)
    if found is None:
        raise ProfileUnknown(profile=profile_id)
    return found
