"""The legal hold of a case: while it stands nothing of the case is erased."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import kept_words
from ui.calendar import day
from ui.desk import Desk, kindly


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Set or lift the hold, in a drawer of the supervisors'."""
    drawer = st.expander(
        desk.say("hold.title"),
        icon=":material/lock:",
        key=f"hold-{case['id']}",
        on_change="rerun",
    )
    if drawer.open:
        with drawer, kindly(desk):
            path = f"/cases/{case['id']}/holds"
            holds = desk.api.get(path)
            _told(desk, holds)
            if [hold for hold in holds if not hold["lifted_at"]]:
                _lift(desk, path)
            else:
                _set(desk, case["id"], path, len(holds))


def _told(desk: Desk, holds: list[dict[str, Any]]) -> None:
    if not holds:
        st.caption(desk.say("hold.none"))
    for hold in holds:
        since, lifted = day(hold["set_at"], desk.lang), hold["lifted_at"]
        key = "hold.lifted" if lifted else "hold.stands"
        words = desk.say(key, since=since, until=day(lifted, desk.lang), why=hold["reason"])
        st.caption(words) if lifted else st.warning(words, icon=":material/lock:")


def _lift(desk: Desk, path: str) -> None:
    st.caption(desk.say("hold.lift_means"))
    if st.button(desk.say("hold.lift"), key=f"lift-{path}", icon=":material/lock_open:"):
        desk.api.delete(path)
        st.rerun(scope="fragment")


def _set(desk: Desk, case_id: str, path: str, number: int) -> None:
    key = f"hold-reason-{case_id}-{number}"
    fields = {key: kept_words.name_of("hold", case_id)}
    kept_words.begin(desk, fields)
    with st.form(f"hold-{path}-{number}", border=False):
        reason = st.text_input(desk.say("hold.reason"), key=key, max_chars=1000).strip()
        kept_words.watch(desk, fields)
        sent = st.form_submit_button(desk.say("hold.set"), icon=":material/lock:")
    if sent:
        desk.api.post(path, {"reason": reason})
        kept_words.forget(desk, "hold", case_id)
        st.rerun(scope="fragment")
