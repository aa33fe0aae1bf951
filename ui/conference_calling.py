"""Calling a conference: when, with whom, and what to ask beside the plan's open questions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from ui.calendar import BANGKOK, day
from ui.client import Refused
from ui.desk import Desk

DAYS_AHEAD = 3
HOUR = time(9, 30)


def show(desk: Desk, case_id: str) -> str | None:
    """The form; the id of the conference once it is called."""
    drawer = st.expander(f"**{desk.say('room.call')}**", key="call_conference", on_change="rerun")
    if not drawer.open:
        return None
    with drawer:
        st.caption(desk.say("room.call_hint"))
        on, at = st.columns(2)
        when = on.date_input(
            desk.say("room.day"),
            value=datetime.now(BANGKOK).date() + timedelta(days=DAYS_AHEAD),
            format="DD/MM/YYYY",
            key="call_day",
        )
        clock = at.time_input(desk.say("room.hour"), value=HOUR, step=900, key="call_hour")
        st.caption(day(when.isoformat(), desk.lang))
        members = invitees(desk, set(), "call_members")
        asked = st.text_area(
            desk.say("room.questions"), help=desk.say("room.questions_help"), key="call_questions"
        )
        if st.button(desk.say("room.call_this"), type="primary", icon=":material/groups:"):
            return _called(desk, case_id, _moment(when, clock), members, asked)
    return None


def _called(desk: Desk, case_id: str, meets_at: str, members: list[str], asked: str) -> str | None:
    questions = [line.strip() for line in asked.splitlines() if line.strip()]
    body = {"meets_at": meets_at, "members": members, "questions": questions}
    try:
        return str(desk.api.post(f"/cases/{case_id}/conferences", body)["id"])
    except Refused as refused:
        desk.refuse(refused)
        return None


def invitees(desk: Desk, present: set[str], key: str) -> list[str]:
    """Choose people of every agency, ordered and named by profession."""
    directory = [p for p in desk.api.get("/directory") if p["id"] not in present]
    people = {p["id"]: p for p in sorted(directory, key=lambda p: _profession(desk, p))}
    chosen: list[str] = st.multiselect(
        desk.say("room.members"),
        list(people),
        format_func=lambda i: f"{_profession(desk, people[i])} · {people[i]['name']}",
        placeholder=desk.say("room.members_hint"),
        key=key,
    )
    return chosen


def _profession(desk: Desk, person: dict[str, Any]) -> str:
    return desk.role(person["profession"] or person["role"])


def _moment(when: date, clock: time) -> str:
    return datetime.combine(when, clock, BANGKOK).isoformat()
