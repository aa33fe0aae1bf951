"""The fields of an entry as its form says, and the same read back; no form is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from ui.calendar import BANGKOK, day, moment
from ui.desk import Desk

FEW = 5
MORNING = time(9, 0)
QUARTER_S = 900
Rule = Mapping[str, Any]


def ask(desk: Desk, form: Mapping[str, Any], *, key: str) -> tuple[dict[str, Any], list[str]]:
    """What was answered so far, and the names of fields that still need an answer.

    Fields spared by an earlier answer are not asked. ``key`` begins the keys of all fields.
    """
    given: dict[str, Any] = {}
    lacking: list[str] = []
    for name, rule in form["fields"].items():
        if name in _spared(form, given):
            continue
        value = ASK[rule["type"]](desk, rule, f"{key}-{name}")
        if value not in (None, "", []):
            given[name] = value
        elif not rule.get("optional"):
            lacking.append(_label(desk, rule))
    return given, lacking


def forget(key: str) -> None:
    """Empty the fields whose keys begin so; what was typed is kept elsewhere by now."""
    for known in [k for k in st.session_state if str(k).startswith(f"{key}-")]:
        del st.session_state[known]


def told(desk: Desk, form: Mapping[str, Any], content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a recorded entry in words: what was asked, and what was answered."""
    rules = form.get("fields", {})
    names = [*(n for n in rules if n in content), *(n for n in content if n not in rules)]
    return [
        (
            _label(desk, rules[name]) if name in rules else name,
            answer(desk, rules.get(name), content[name]),
        )
        for name in names
    ]


def answer(desk: Desk, rule: Rule | None, value: Any) -> str:
    """One answer in words."""
    if isinstance(value, bool):
        return desk.say("answer.yes" if value else "answer.no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if rule and rule["type"] == "moment":
        return moment(str(value), desk.lang)
    if rule and rule["type"] == "case_type":
        return _case_types(desk).get(value, str(value))
    said = (rule or {}).get("values", {}).get(value)
    return str(said[desk.lang]) if said else str(value)


def _spared(form: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    ways = form.get("spared", {}).items()
    return [name for field, by in ways for name in by.get(given.get(field), ())]


def _label(desk: Desk, rule: Rule) -> str:
    words = str(rule["words"][desk.lang])
    return words[:1].upper() + words[1:]


def _asked(desk: Desk, rule: Rule) -> str:
    label = _label(desk, rule)
    return desk.say("entry.optional", field=label) if rule.get("optional") else label


def _hint(desk: Desk, rule: Rule) -> str | None:
    hint = rule["words"].get(f"hint_{desk.lang}")
    return str(hint) if hint else None


def _words(desk: Desk, rule: Rule, key: str) -> str:
    if rule["words"].get("line"):
        return st.text_input(_asked(desk, rule), help=_hint(desk, rule), key=key).strip()
    return st.text_area(_asked(desk, rule), help=_hint(desk, rule), height=80, key=key).strip()


def _choice(desk: Desk, rule: Rule, key: str) -> str | None:
    words = {value: str(rule["values"][value][desk.lang]) for value in rule["of"]}
    return _one_of(desk, rule, words, key)


def _case_type(desk: Desk, rule: Rule, key: str) -> str | None:
    return _one_of(desk, rule, _case_types(desk), key)


def _case_types(desk: Desk) -> dict[str, str]:
    rows = desk.kept("/entry-forms")["case_types"]
    return {row["id"]: str(row[desk.lang]) for row in rows}


def _one_of(desk: Desk, rule: Rule, words: Mapping[str, str], key: str) -> str | None:
    label, values = _asked(desk, rule), list(words)
    if len(words) > FEW:
        hint = desk.say("choice.none")
        return st.selectbox(label, values, None, words.__getitem__, key, placeholder=hint)
    return st.radio(label, values, None, words.__getitem__, key, horizontal=True)


def _yes_no(desk: Desk, rule: Rule, key: str) -> bool | None:
    words = {"yes": desk.say("answer.yes"), "no": desk.say("answer.no")}
    said = _one_of(desk, rule, words, key)
    if said == "no" and rule.get("must"):
        st.warning(desk.say("entry.must"), icon=":material/front_hand:")
    return None if said is None else said == "yes"


def _number(desk: Desk, rule: Rule, key: str) -> int | None:
    least = rule.get("least", 0)
    return st.number_input(
        _asked(desk, rule), min_value=0, value=None, step=1, placeholder=f"≥ {least}", key=key
    )


def _list(desk: Desk, rule: Rule, key: str) -> list[str]:
    hint = desk.say("entry.lines", least=rule.get("least", 1))
    lines = st.text_area(_asked(desk, rule), help=hint, placeholder=hint, height=80, key=key)
    return [line.strip() for line in lines.splitlines() if line.strip()]


def _moment(desk: Desk, rule: Rule, key: str) -> str | None:
    on, at = st.columns(2)
    with on:
        when: date | None = st.date_input(
            _asked(desk, rule), value=None, format="DD/MM/YYYY", key=f"{key}-day"
        )
        if when:
            st.caption(day(when.isoformat(), desk.lang))
    st.session_state.setdefault(f"{key}-hour", MORNING)
    clock = at.time_input(desk.say("entry.hour"), step=QUARTER_S, key=f"{key}-hour")
    return datetime.combine(when, clock, BANGKOK).isoformat() if when else None


ASK: dict[str, Callable[[Desk, Rule, str], Any]] = {
    "words": _words,
    "choice": _choice,
    "yes_no": _yes_no,
    "number": _number,
    "list": _list,
    "moment": _moment,
    "case_type": _case_type,
}
