"""One person of a case in a line, and in their drawer what may be done about them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import (
    case_doubles,
    family,
    marks,
    people_marks,
    person_correcting,
    person_fields,
    person_leaving,
    person_parts,
)
from ui.calendar import today
from ui.desk import Desk
from ui.roles import LEADS

ACTS = ("correct", "doubles")


def show(desk: Desk, case: dict[str, Any], person: dict[str, Any]) -> None:
    """Name, parts and age; for who works on the case a closed drawer beneath."""
    st.html(marks.headline(family.name(person, desk.lang), *_about(desk, person), ""))
    if not case["acts"]:
        return
    words = desk.say("who.drawer", name=family.name(person, desk.lang))
    drawer = st.expander(words, key=_drawer(person["id"]), on_change="rerun")
    if drawer.open:
        with drawer:
            person_parts.show(desk, case, person)
            _more(desk, case, person)
    else:
        person_correcting.forget(person["id"])


def open_at(person_id: str, act: str) -> None:
    """Have somebody's drawer stand open at one of its acts when it is drawn next."""
    st.session_state[_drawer(person_id)] = True
    st.session_state[_act(person_id)] = act


def _more(desk: Desk, case: dict[str, Any], person: dict[str, Any]) -> None:
    acts = [*ACTS, "leave"] if desk.me["role"] == LEADS else ACTS
    act = st.segmented_control(
        desk.say("who.act"),
        acts,
        format_func=lambda a: desk.say(f"who.act.{a}"),
        key=_act(person["id"]),
    )
    if act != "correct":
        person_correcting.forget(person["id"])
    if act == "correct":
        person_correcting.show(desk, case["id"], person)
    elif act == "doubles":
        case_doubles.show(desk, person)
    elif act == "leave":
        person_leaving.show(desk, case["id"], person)


def _about(desk: Desk, person: dict[str, Any]) -> tuple[str, str]:
    parts = [p for p in person["roles"] if p["standing"] != "removed"]
    chips = "".join(people_marks.part_chip(p, desk.lang) for p in parts)
    years = person_fields.age(person["identity"] or {}, today())
    return desk.say("people.age", years=years) if years is not None else "", chips


def _drawer(person_id: str) -> str:
    return f"person-{person_id}"


def _act(person_id: str) -> str:
    return f"act-of-{person_id}"
