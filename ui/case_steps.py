"""Where a case stands: the nine steps with their reasons, its deadlines and its services."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import case_services, deadline_acts, deadline_marks, marks, step_entries, step_records
from ui.calendar import hours_left, left, moment
from ui.desk import Desk

LAW = "#"  # a source that names a section is told, an id of the record is not
SIGNS = {"done": "✓", "open": "●", "waiting": "○"}


def show(desk: Desk, case: dict[str, Any]) -> None:
    """What to record now, the steps, what is due, and what was recorded."""
    case_id = case["id"]
    standing = desk.api.get(f"/cases/{case_id}/steps")
    steps, due = st.columns([3, 2], gap="large")
    with steps:
        step_entries.show(desk, case, standing)
        st.subheader(desk.say("steps.title"))
        for step in standing["steps"]:
            st.html(_step(desk, step, current=step["id"] == standing["current"]))
        step_records.show(desk, case)
    with due:
        st.subheader(desk.say("steps.deadlines"))
        _deadlines(desk, desk.api.get(f"/cases/{case_id}/deadlines"))
        case_services.show(desk, case)


def _step(desk: Desk, step: dict[str, Any], *, current: bool) -> str:
    name = f"{SIGNS[step['state']]} {step['number']}. {step[f'name_{desk.lang}']}"
    chips = marks.chip(desk.say("steps.current"), "rule") if current else ""
    chips += marks.chip(desk.say(f"steps.state.{step['state']}"))
    return marks.headline(name, "", chips, step[f"why_{desk.lang}"])


def _deadlines(desk: Desk, rows: list[dict[str, Any]]) -> None:
    if not rows:
        st.caption(desk.say("steps.no_deadlines"))
    for row in rows:
        with st.container(border=True):
            st.html(_deadline(desk, row))
            if row["may_end"] and deadline_acts.button(desk, row, st):
                deadline_acts.form(desk, row, "fragment")
            if row["may_take_back"]:
                deadline_acts.taken_back(desk, row, st, "fragment")


def _deadline(desk: Desk, row: dict[str, Any]) -> str:
    if row["status"] == "open":
        hours = hours_left(row["due"])
        words = left(hours, desk.lang)
        chips = marks.chip(words, "danger" if hours < 0 else "inferred")
    else:
        chips = marks.chip(desk.say(f"deadline.{row['status']}"))
    if row["statutory"]:
        chips += marks.chip(desk.say("today.statutory"), "rule")
    below = desk.say("item.due", when=moment(row["due"], desk.lang))
    if LAW in row["source"]:
        below += f" · {row['source']}"
    named = row | {"back_name": desk.who(row["back_name"], row["back_agency"])}
    if ended := deadline_marks.ended(named, desk.lang):
        below += f" · {ended}"
    return marks.headline(marks.capital(row[f"duty_{desk.lang}"]), "", chips, below)
