"""A household fact asked for in the widget its type needs, and its value as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

import streamlit as st

from ui.desk import Desk

Fact = Mapping[str, Any]
Label = Literal["visible", "collapsed"]
OLDEST = date(1900, 1, 1)
YES_NO = {True: "answer.yes", False: "answer.no"}
ASKED = frozenset({"bool", "int", "number", "date", "text"})
CHOSEN = frozenset({"enum", "multi"})


def askable(facts: Iterable[Fact]) -> dict[str, Fact]:
    """The facts a person may tell, by field; none that has no widget."""
    return {
        fact["field"]: fact
        for fact in facts
        if fact["type"] in ASKED or (fact["type"] in CHOSEN and fact["choices"])
    }


def ask(desk: Desk, fact: Fact, key: str, *, label: Label = "visible") -> Any:
    """The value given; None while nothing is chosen, an empty list while none of several is."""
    shown = {"label": fact[desk.lang], "label_visibility": label, "key": key}
    words = {c["value"]: c[desk.lang] for c in fact["choices"]}
    if fact["type"] == "bool":
        return st.segmented_control(
            options=[*YES_NO], format_func=lambda v: desk.say(YES_NO[v]), **shown
        )
    if fact["type"] == "enum" and words:
        return st.radio(options=[*words], format_func=words.__getitem__, index=None, **shown)
    if fact["type"] == "multi" and words:
        return st.pills(
            options=[*words], format_func=words.__getitem__, selection_mode="multi", **shown
        )
    if fact["type"] in ("int", "number"):
        return _number(fact["type"], shown)
    if fact["type"] == "date":
        day = st.date_input(value=None, min_value=OLDEST, **shown)
        return day.isoformat() if day else None
    return st.text_input(**shown) or None


def _number(kind: str, shown: dict[str, Any]) -> int | float | None:
    whole = {"min_value": 0, "step": 1}
    parts = {"min_value": 0.0, "step": 100.0, "format": "%.0f"}
    found: int | float | None = st.number_input(
        value=None, **(whole if kind == "int" else parts), **shown
    )
    return found


def in_words(desk: Desk, fact: Fact, value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return desk.say("schemes.not_known")
    if isinstance(value, bool):
        return desk.say(YES_NO[value])
    words: dict[str, str] = {c["value"]: c[desk.lang] for c in fact["choices"]}
    if isinstance(value, list):
        return ", ".join(words.get(v, str(v)) for v in value)
    return words.get(str(value), f"{value:,}" if isinstance(value, int | float) else str(value))
