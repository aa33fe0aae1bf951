"""What a reviewer should see of an added document before they accept it.

A warning forbids nothing: a person decides. What reads like an order to a program is masked from
no one either; it could reach a model only in a source that was accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from cases.casebook import casebook
from cases.described_in_story import citizen_numbers

Kind = Literal["near", "replaces", "orders", "persons", "unreadable", "short"]
MOST_PLACES = 20
MANY = 0.5  # short passages are worth a warning when every second one is


class Warned(BaseModel):
    """One warning: how often, in which passages (the first of them), what it is about."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    count: int
    passages: list[int] = []
    about: list[str] = []


def warnings(
    texts: Sequence[str], near: tuple[str, float] | None, replaced: Iterable[tuple[str, str]]
) -> list[Warned]:
    """The warnings of a document with these passages.

    ``near``: title and likeness (0 to 1) of a document that says nearly the same; ``replaced``:
    act and section whose official text would be this document's from then on.
    """
    found = []
    if near:
        found.append(Warned(kind="near", count=round(100 * near[1]), about=[near[0]]))
    sections = [f"{law} {section}" for law, section in replaced]
    if sections:
        found.append(Warned(kind="replaces", count=len(sections), about=sections[:MOST_PLACES]))
    found += [_where(kind, texts, pattern) for kind, pattern in _patterns().items()]
    found.append(_persons(texts))
    short = [n for n, text in enumerate(texts) if len(text) < casebook("source-warnings")["short"]]
    if len(short) > MANY * len(texts):
        found.append(Warned(kind="short", count=len(short), passages=short[:MOST_PLACES]))
    return [warning for warning in found if warning.count]


@cache
def _patterns() -> dict[Kind, re.Pattern[str]]:
    book: dict[str, Any] = casebook("source-warnings")
    return {
        "orders": re.compile("|".join(f"(?:{p})" for p in book["orders"]), re.IGNORECASE),
        "unreadable": re.compile(book["marks"]),
    }


def _where(kind: Kind, texts: Sequence[str], pattern: re.Pattern[str]) -> Warned:
    places = [n for n, text in enumerate(texts) if pattern.search(text)]
    words = [m.group() for n in places[:MOST_PLACES] if (m := pattern.search(texts[n]))]
    shown = list(dict.fromkeys(words)) if kind == "orders" else []
    return Warned(kind=kind, count=len(places), passages=places[:MOST_PLACES], about=shown)


def _persons(texts: Sequence[str]) -> Warned:
    """Passages with a citizen's number whose check digit is right."""
    places = [n for n, text in enumerate(texts) if citizen_numbers(text)]
    return Warned(kind="persons", count=len(places), passages=places[:MOST_PLACES])
