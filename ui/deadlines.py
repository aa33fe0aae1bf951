"""Deadlines of all cases: how many by day, the most pressing first, done, put off or dropped."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import deadline_acts, deadline_marks
from ui.calendar import hours_left
from ui.cases import open_case
from ui.desk import Desk, kindly

SPANS = {"late": 0, "day": 24, "three_days": 72, "week": 168, "all": None}
SHOWN = 20


def page() -> None:
    """Draw the counts, the days, and the list."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("deadlines.title"))
    with kindly(desk):
        found = desk.api.get("/deadlines")
        _counts(desk, found)
        days, rows = st.columns([2, 3], gap="large")
        with days:
            st.subheader(desk.say("deadlines.days"))
            st.html(deadline_marks.heat(found["days"], desk.lang))
        with rows:
            _list(desk, found["items"])
            _ended(desk, found["ended"])


def _counts(desk: Desk, found: dict[str, Any]) -> None:
    left = [hours_left(row["due"]) for row in found["items"]]
    told = {
        "late": sum(hours < 0 for hours in left),
        "day": sum(0 <= hours < 24 for hours in left),
        "three_days": sum(0 <= hours < 72 for hours in left),
        "all": sum(day["count"] for day in found["days"]),
    }
    with st.container(key="counts"):
        columns = st.columns(len(told))
    for column, (name, count) in zip(columns, told.items(), strict=True):
        column.metric(desk.say(f"deadlines.span.{name}"), count, border=True)


def _list(desk: Desk, rows: list[dict[str, Any]]) -> None:
    st.subheader(desk.say("deadlines.list"))
    span = st.pills(
        desk.say("deadlines.within"),
        list(SPANS),
        default="all",
        required=True,
        key="deadline_span",
        format_func=lambda s: desk.say(f"deadlines.span.{s}"),
    )
    legal = st.toggle(desk.say("deadlines.statutory"), key="deadline_legal")
    within = SPANS[span]
    chosen = [
        row
        for row in rows
        if (within is None or hours_left(row["due"]) < within) and (row["statutory"] or not legal)
    ]
    if not chosen:
        st.caption(desk.say("deadlines.none"))
    for row in chosen[:SHOWN]:
        with st.container(border=True, key=f"limit-{row['id']}"):
            _one(desk, row)
    if len(chosen) > SHOWN:
        st.caption(desk.say("deadlines.more", count=len(chosen) - SHOWN))


def _ended(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """What was ended today, for a day within reach of whoever pressed the wrong one."""
    if not rows:
        return
    words = desk.say("deadlines.ended_today", count=len(rows))
    drawer = st.expander(words, key="deadlines_ended", on_change="rerun")
    if drawer.open:
        with drawer:
            for row in rows:
                with st.container(border=True, key=f"ended-{row['id']}"):
                    st.html(deadline_marks.over(row, desk.lang))
                    deadline_acts.taken_back(desk, row, st, "app")


def _one(desk: Desk, row: dict[str, Any]) -> None:
    words, way = st.columns([4, 1], vertical_alignment="center")
    words.html(deadline_marks.line(row, desk.lang))
    if not row["may_end"]:
        return
    if deadline_acts.button(desk, row, way):
        deadline_acts.form(desk, row, "app")
        if st.button(desk.say("cases.open"), key="deadline_case"):
            open_case(row["case_id"])
