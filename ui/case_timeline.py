"""What happened in a case and what is still to come; each line leads to where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import approvals, case_trail, exchange, frame_marks, happening_words
from ui.calendar import moment
from ui.desk import Desk

SHOWN = 150


def show(desk: Desk, case: dict[str, Any]) -> None:
    """The line, the newest first; then who opened and changed the file, for those allowed."""
    found = desk.api.get(f"/cases/{case['id']}/timeline")
    line = [row for row in found if row["what"] != "plan" or row["number"]]
    if not line:
        st.caption(desk.say("timeline.none"))
    if len(line) > SHOWN:
        st.caption(desk.say("trail.newest", count=SHOWN, total=len(line)))
    st.html(frame_marks.timeline(_told(desk, case, row) for row in line[:SHOWN]))
    _approvals(desk, case)
    if case["relation"] == "own":
        case_trail.show(desk, case["id"])
    exchange.case(desk, case)


def _told(desk: Desk, case: Mapping[str, Any], row: Mapping[str, Any]) -> frame_marks.Row:
    words, below = happening_words.told(desk, row)
    way = happening_words.way(case["id"], row, desk.me["role"])
    return moment(row["at"], desk.lang), happening_words.colour(row), words, below, way


def _approvals(desk: Desk, case: dict[str, Any]) -> None:
    """Closures, letters and documents put up for approval, and the word given on each."""
    drawer = st.expander(
        f"**{desk.say('approval.title')}**", key=f"approvals-{case['id']}", on_change="rerun"
    )
    if drawer.open:
        with drawer:
            approvals.show(desk, case)
