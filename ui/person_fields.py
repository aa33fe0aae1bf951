"""The fields that say who somebody is, asked with visible labels, and what of them was changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from ui.calendar import BUDDHIST_OFFSET, today
from ui.desk import Desk

Identity = Mapping[str, Any]
LINE, PAPER, OLDEST_AGE = 200, 1000, 120
LISTS = ("nicknames", "phones")
BLANK: dict[str, Any] = {
    "title": "", "given_name": "", "family_name": "", "nicknames": [], "called": "",
    "citizen_id": "", "birth": "", "sex": "", "nationality": "", "phones": [], "address": "",
    "email": "", "line_id": "", "age_years": None, "pregnant": None, "disability": "",
}  # fmt: skip
SEXES = ("", "F", "M", "X")
ANSWERS = {None: "who.not_known", True: "answer.yes", False: "answer.no"}
TYPED_DAY = re.compile(r"\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\s*")
TYPED_YEAR = re.compile(r"\d{4}")
KEPT_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def ask(desk: Desk, known: Identity, key: str) -> dict[str, Any]:
    """Every field as the API takes it; ``known`` stands in them at first."""
    typed = _names(desk, known, key) | _reach(desk, known, key)
    with st.expander(desk.say("who.more")):
        return typed | _more(desk, known, key)


def _names(desk: Desk, known: Identity, key: str) -> dict[str, Any]:
    title, given, family = st.columns([1, 2, 2])
    with title:
        typed: dict[str, Any] = {"title": _line(desk, known, "title", key)}
    with given:
        typed["given_name"] = _line(desk, known, "given_name", key)
    with family:
        typed["family_name"] = _line(desk, known, "family_name", key)
    nick, birth, age = st.columns([2, 2, 1])
    with nick:
        typed["nicknames"] = _several(desk, known, "nicknames", key)
    shown = birth_told(known["birth"], desk.lang)
    help_ = desk.say("who.birth_help")
    born = birth.text_input(
        desk.say("who.birth"), shown, max_chars=LINE, help=help_, key=f"{key}-birth"
    )
    typed["birth"] = birth_typed(born)
    typed["age_years"] = age.number_input(
        desk.say("who.age_years"),
        min_value=0,
        max_value=OLDEST_AGE,
        value=known["age_years"],
        key=f"{key}-age_years",
    )
    return typed


def _reach(desk: Desk, known: Identity, key: str) -> dict[str, Any]:
    sex, phones, number = st.columns([4, 4, 5])
    said = sex.selectbox(
        desk.say("who.sex"),
        SEXES,
        index=SEXES.index(known["sex"]),
        format_func=lambda s: desk.say(f"sex.{s or 'unknown'}"),
        key=f"{key}-sex",
    )
    with phones:
        typed: dict[str, Any] = {"phones": _several(desk, known, "phones", key)}
    with number:
        typed["citizen_id"] = _line(desk, known, "citizen_id", key)
    address = st.text_area(
        desk.say("who.address"),
        known["address"],
        height=80,
        max_chars=PAPER,
        key=f"{key}-address",
    )
    return typed | {"sex": said, "address": address.strip()}


def _more(desk: Desk, known: Identity, key: str) -> dict[str, Any]:
    typed: dict[str, Any] = {
        field: _line(desk, known, field, key)
        for field in ("called", "nationality", "email", "line_id", "disability")
    }
    typed["pregnant"] = st.radio(
        desk.say("who.pregnant"),
        [*ANSWERS],
        index=[*ANSWERS].index(known["pregnant"]),
        format_func=lambda said: desk.say(ANSWERS[said]),
        horizontal=True,
        key=f"{key}-pregnant",
    )
    return typed


def _line(desk: Desk, known: Identity, field: str, key: str) -> str:
    label = desk.say(f"who.{field}")
    return st.text_input(label, known[field], max_chars=LINE, key=f"{key}-{field}").strip()


def _several(desk: Desk, known: Identity, field: str, key: str) -> list[str]:
    label, told = desk.say(f"who.{field}"), ", ".join(known[field])
    help_ = desk.say("who.several_help")
    typed = st.text_input(label, told, max_chars=PAPER, help=help_, key=f"{key}-{field}")
    return listed(typed)


def listed(typed: str) -> list[str]:
    """What was written with commas between, each once."""
    return list(dict.fromkeys(w for w in (part.strip() for part in typed.split(",")) if w))


def changes(known: Identity, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were given another value than they were read with."""
    return {name: value for name, value in typed.items() if _plain(known[name]) != _plain(value)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def birth_typed(said: str) -> str:
    """A typed day (``12/5/2530``) or year as the API keeps it; else as it was typed."""
    found = TYPED_DAY.fullmatch(said)
    if found:
        number, month, year = map(int, found.groups())
        return f"{_common(year):04d}-{month:02d}-{number:02d}"
    bare = said.strip()
    return f"{_common(int(bare)):04d}" if TYPED_YEAR.fullmatch(bare) else bare


def _common(year: int) -> int:
    """A year that has not come yet is a Buddhist one."""
    return year - BUDDHIST_OFFSET if year > today().year else year


def birth_told(kept: str, lang: str) -> str:
    """A kept day or year as it is typed: Buddhist in Thai, day before month."""
    more = BUDDHIST_OFFSET if lang == "th" else 0
    found = KEPT_DAY.fullmatch(kept)
    if found:
        year, month, number = found.groups()
        return f"{number}/{month}/{int(year) + more}"
    return str(int(kept) + more) if kept.isdigit() else kept


def age(identity: Identity, on: date) -> int | None:
    """Whole years: as told, else from a full day of birth; None where neither says."""
    if identity.get("age_years") is not None:
        return int(identity["age_years"])
    found = KEPT_DAY.fullmatch(identity.get("birth") or "")
    if found is None:
        return None
    year, month, number = map(int, found.groups())
    return on.year - year - ((on.month, on.day) < (month, number))


def told(desk: Desk, field: str, value: Any) -> str:
    """One field's value as a person reads it; a dash where nothing is said."""
    if field == "sex":
        return desk.say(f"sex.{value or 'unknown'}")
    if field == "pregnant":
        return desk.say(ANSWERS[value])
    if field == "birth":
        return birth_told(value or "", desk.lang) or "–"
    if field in LISTS:
        return ", ".join(value or ()) or "–"
    return str(value) if value not in (None, "") else "–"
