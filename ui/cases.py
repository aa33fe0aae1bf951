"""The caseload: what needs a person now, most urgent first."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks
from ui.calendar import moment
from ui.desk import Desk, kindly

PAGE_SIZE = 20


def page() -> None:
    """List the cases this person may see."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("cases.title"))
    with kindly(desk):
        found = desk.api.get("/cases", limit=PAGE_SIZE, offset=_offset())
        if not found["items"]:
            _empty(desk)
            return
        for case in found["items"]:
            _row(desk, case)
        _pager(desk, found["total"])


def _empty(desk: Desk) -> None:
    st.info(desk.say("cases.empty"), icon=":material/inbox:")
    if st.button(desk.say("page.intake"), type="primary", icon=":material/edit_note:"):
        st.switch_page(st.session_state["pages"]["intake"])


def _row(desk: Desk, case: dict[str, Any]) -> None:
    with st.container(border=True):
        words, way = st.columns([5, 1], vertical_alignment="center")
        words.html(_summary(desk, case))
        if way.button(desk.say("cases.open"), key=f"open-{case['id']}", width="stretch"):
            open_case(case["id"])


def _summary(desk: Desk, case: dict[str, Any]) -> str:
    danger = case["urgency"] == "immediate_1h"
    urgency = marks.chip(desk.say(f"urgency.{case['urgency']}"), "danger" if danger else "quiet")
    state = marks.chip(desk.say(f"status.{case['status']}"))
    when = desk.say("cases.received", when=moment(case["received_at"], desk.lang))
    return marks.headline(case["title"], case["number"], f"{urgency}{state}", when)


def open_case(case_id: str) -> None:
    """Go to one case's file."""
    st.session_state["case_id"] = case_id
    st.switch_page(st.session_state["pages"]["case"], query_params={"case": case_id})


def _offset() -> int:
    return int(st.session_state.get("cases_page", 0)) * PAGE_SIZE


def _pager(desk: Desk, total: int) -> None:
    pages = -(-total // PAGE_SIZE)
    if pages > 1:
        st.selectbox(
            desk.say("cases.page"), range(pages), key="cases_page", format_func=lambda n: str(n + 1)
        )
