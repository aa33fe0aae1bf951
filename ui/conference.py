"""The conference room: meetings the person is asked to, those of a case, and one of them opened."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import (
    case_choice,
    conference_calling,
    conference_ending,
    conference_marks,
    conference_people,
    conference_talk,
)
from ui.desk import Desk, kindly
from ui.roles import WORKERS

OPENED = "conference"


def page() -> None:
    """Draw the room in the address, or the meetings to choose from."""
    desk: Desk = st.session_state["desk"]
    with kindly(desk):
        if opened := st.query_params.get(OPENED):
            _room(desk, opened)
        else:
            _meetings(desk)


def enter(conference_id: str | None) -> None:
    """Go into a room, or with None out of it."""
    if conference_id:
        st.query_params[OPENED] = conference_id
    else:
        st.query_params.pop(OPENED, None)
    st.rerun()


def _meetings(desk: Desk) -> None:
    st.title(desk.say("room.title"))
    asked = desk.api.get("/conferences")
    if asked or desk.me["role"] not in WORKERS:
        st.subheader(desk.say("room.invited"))
        _list(desk, asked, "invited", desk.say("room.none_invited"))
    if desk.me["role"] not in WORKERS:
        return
    st.subheader(desk.say("room.of_case"))
    case = case_choice.choose(desk)
    if case:
        held = desk.api.get(f"/cases/{case['id']}/conferences")
        _list(desk, held[::-1], "case", desk.say("room.none_of_case"))
        own = case["relation"] == "own"
        if own and (called := conference_calling.show(desk, case["id"])):
            enter(called)


def _list(desk: Desk, meetings: list[dict[str, Any]], where: str, none: str) -> None:
    if not meetings:
        st.caption(none)
    for meeting in meetings:
        with st.container(border=True):
            words, way = st.columns([4, 1], vertical_alignment="center")
            words.html(conference_marks.line(meeting, desk.lang))
            key = f"enter-{where}-{meeting['id']}"
            if way.button(desk.say("room.enter"), key=key, width="stretch"):
                enter(meeting["id"])


def _room(desk: Desk, conference_id: str) -> None:
    held = desk.api.get(f"/conferences/{conference_id}")
    agencies = {a["id"]: a[f"name_{desk.lang}"] for a in desk.api.get("/agencies")}
    st.title(desk.say("room.number", number=held["number"]))
    st.html(conference_marks.head(held, desk.lang))
    with st.container(horizontal=True, gap="small"):
        if st.button(desk.say("room.leave"), icon=":material/arrow_back:", type="tertiary"):
            enter(None)
        if st.button(desk.say("room.again"), icon=":material/refresh:", type="tertiary"):
            st.rerun()
    talk, people = st.columns([3, 2], gap="large")
    with talk:
        agenda, decision, minutes = st.tabs(
            [
                desk.say("room.agenda", count=len(held["agenda"])),
                desk.say("room.decision"),
                desk.say("minutes.title"),
            ]
        )
        with agenda:
            conference_talk.show(desk, held)
        with decision:
            conference_ending.show(desk, held, agencies)
        with minutes:
            conference_ending.minutes(desk, held)
    with people:
        conference_people.show(desk, held, agencies)
        conference_ending.votes(desk, held)
