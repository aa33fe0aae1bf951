"""The caseload: find one case, or see those of one urgency or status, most urgent first."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import emergency, exchange, live, marks, tour
from ui.calendar import moment
from ui.desk import Desk, kindly

PAGE_SIZE, LONGEST = 20, 120
URGENCIES = ("immediate_1h", "24h", "72h", "routine")
STATUSES = ("open", "new", "drafted", "reviewing", "approved", "closed")
WORDS, URGENCY, STATUS, SHEET = "cases_words", "cases_urgency", "cases_status", "cases_page"


def page() -> None:
    """List the cases this person may see, narrowed by what they asked for."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("cases.title"))
    with kindly(desk):
        tour.show(desk)
    with kindly(desk):
        _listed(desk, _asked(desk))
        exchange.caseload(desk, open_case)
    if opened := emergency.drawer(desk):
        open_case(opened)


@st.fragment(run_every=live.REFRESH_S)
def _listed(desk: Desk, asked: dict[str, Any]) -> None:
    """What fits to what was asked, a page of it; it shows what colleagues change by itself."""
    live.drawn_from(desk, "case")
    with kindly(desk):
        sheet = {"limit": PAGE_SIZE, "offset": _offset()}
        found = desk.api.post("/cases/search", asked | sheet)  # no address holds what was typed
        if not found["items"]:
            _empty(desk, asked)
            return
        st.caption(desk.say("cases.found", count=found["total"]))
        for case in found["items"]:
            _row(desk, case)
        _pager(desk, found["total"])


def show_only(*, urgency: str | None = None, open: bool = False) -> None:  # noqa: A002
    """Go to the cases of one urgency, the open ones alone where asked."""
    st.session_state[WORDS] = ""
    st.session_state[URGENCY] = urgency
    st.session_state[STATUS] = "open" if open else None
    st.session_state[SHEET] = 0
    st.switch_page(st.session_state["pages"]["cases"])


def _asked(desk: Desk) -> dict[str, Any]:
    """What the person looks for, as the API takes it."""
    words = st.text_input(
        desk.say("cases.search"),
        key=WORDS,
        placeholder=desk.say("cases.search_words"),
        help=desk.say("cases.search_help"),
        autocomplete="off",
        icon=":material/search:",
        on_change=_first_sheet,
        persist_state="session",
    )
    left, right = st.columns(2)
    urgency = left.selectbox(
        desk.say("cases.urgency"),
        URGENCIES,
        index=None,
        key=URGENCY,
        format_func=lambda u: desk.say(f"urgency.{u}"),
        placeholder=desk.say("cases.any"),
        on_change=_first_sheet,
        persist_state="session",
    )
    status = right.selectbox(
        desk.say("cases.status"),
        STATUSES,
        index=None,
        key=STATUS,
        format_func=lambda s: desk.say("cases.still_open" if s == "open" else f"status.{s}"),
        placeholder=desk.say("cases.any"),
        on_change=_first_sheet,
        persist_state="session",
    )
    wanted = {"words": words.strip()[:LONGEST], "urgency": urgency}
    return wanted | ({"open": True} if status == "open" else {"status": status})


def _first_sheet() -> None:
    st.session_state[SHEET] = 0


def _empty(desk: Desk, asked: dict[str, Any]) -> None:
    if any(asked.values()):
        st.info(desk.say("cases.none_such"), icon=":material/search_off:")
        label = desk.say("cases.show_all")
        if st.button(label, on_click=_forget, icon=":material/clear_all:"):
            st.rerun()  # the fields above are no part of the list
        return
    st.info(desk.say("cases.empty"), icon=":material/inbox:")
    intake = st.session_state["pages"].get("intake")
    if intake and st.button(desk.say("page.intake"), type="primary", icon=":material/edit_note:"):
        st.switch_page(intake)


def _forget() -> None:
    st.session_state[WORDS] = ""
    for key in (URGENCY, STATUS):
        st.session_state[key] = None
    _first_sheet()


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
    if case["matched"]:
        what = " · ".join(desk.say(f"cases.matched.{kind}") for kind in case["matched"])
        state += marks.chip(desk.say("cases.matched", what=what), "said")
    number = case["number"] if case["title"] != case["number"] else ""
    return marks.headline(case["title"] or case["number"], number, f"{urgency}{state}", when)


def open_case(case_id: str) -> None:
    """Go to one case's file."""
    st.session_state["case_id"] = case_id
    st.switch_page(st.session_state["pages"]["case"], query_params={"case": case_id})


def _offset() -> int:
    return int(st.session_state.get(SHEET, 0)) * PAGE_SIZE


def _pager(desk: Desk, total: int) -> None:
    """The page one is on, with the way back and on."""
    pages, now = -(-total // PAGE_SIZE), int(st.session_state.get(SHEET, 0))
    if pages < 2:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            desk.say("cases.earlier"),
            icon=":material/chevron_left:",
            disabled=now == 0,
            on_click=_turn,
            args=(now - 1,),
        )
        st.markdown(desk.say("cases.page_of", page=now + 1, pages=pages), width="content")
        st.button(
            desk.say("cases.later"),
            icon=":material/chevron_right:",
            disabled=now + 1 >= pages,
            on_click=_turn,
            args=(now + 1,),
        )


def _turn(sheet: int) -> None:
    st.session_state[SHEET] = sheet
