"""Opening a case nobody opened to one, in an emergency: with a reason, for hours, reading only."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import kept_words, marks, roles
from ui.calendar import moment
from ui.desk import Desk, kindly

HOURS = (1, 2, 4, 8, 12, 24)
USUAL = 4
WORDS = {
    "emergency_number": kept_words.name_of("emergency", "number"),
    "emergency_reason": kept_words.name_of("emergency", "reason"),
}


def drawer(desk: Desk) -> str | None:
    """At the foot of one's cases: which case, why, what it means; the id of a case just opened."""
    if desk.me["role"] not in roles.WORKERS:
        return None
    place = st.expander(
        desk.say("emergency.title"),
        icon=":material/emergency_home:",
        key="emergency",
        on_change="rerun",
    )
    if not place.open:
        return None
    with place:
        return _form(desk)


def _form(desk: Desk) -> str | None:
    st.html(marks.listing(desk.say(f"emergency.means.{n}") for n in range(1, 5)))
    number, hours = st.columns([2, 1])
    kept_words.begin(desk, WORDS)
    wanted = number.text_input(
        desk.say("emergency.number"), key="emergency_number", max_chars=40
    ).strip()
    long = hours.selectbox(
        desk.say("emergency.hours"),
        HOURS,
        index=HOURS.index(USUAL),
        format_func=lambda h: desk.say("emergency.for_hours", hours=h),
        key="emergency_hours",
    )
    reason = st.text_area(
        desk.say("emergency.reason"),
        key="emergency_reason",
        max_chars=2000,
        help=desk.say("emergency.reason_help"),
    ).strip()
    kept_words.watch(desk, WORDS)
    if not st.button(desk.say("emergency.open"), type="primary", icon=":material/lock_open:"):
        return None
    if not wanted:
        st.error(desk.say("emergency.number_needed"), icon=":material/edit:")
        return None
    opened: str | None = None
    with kindly(desk):
        body = {"number": wanted, "reason": reason, "hours": long}
        opened = str(desk.api.post("/glass", body)["case_id"])
        for key in WORDS:
            st.session_state.pop(key, None)
        kept_words.forget(desk, "emergency", "")
    return opened


def banner(desk: Desk, case: dict[str, Any]) -> None:
    """On a case that is open by emergency: until when, why, and that it is for reading alone."""
    if case["relation"] != roles.READS:
        return
    openings = desk.api.get(f"/cases/{case['id']}/openings")
    me = desk.me["name"], desk.me["agency_id"]
    mine = [o for o in openings if (o["name"], o["agency_id"]) == me]
    if not mine:
        return
    newest = max(mine, key=lambda o: o["expires_at"])
    until = desk.say("emergency.until", when=moment(newest["expires_at"], desk.lang))
    st.html(marks.alert(until, desk.say("emergency.reads"), newest["reason"] or "", doubted=True))
