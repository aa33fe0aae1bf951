"""Letters between agencies: what came in, what went out, and the answer to each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import letter_acts, letter_text, marks
from ui.cases import open_case
from ui.desk import Desk, kindly

BOXES = ("in", "out")
STATES = ("pending", "accepted", "rejected", "done", "revoked")
STEP, MOST = 50, 200


def page() -> None:
    """The letters of the person's agency, one box at a time."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("referrals.title"))
    names = [desk.say(f"referrals.{box}") for box in BOXES]
    tabs = st.tabs(names, key=f"letter-boxes-{desk.lang}", on_change="rerun")
    for tab, box in zip(tabs, BOXES, strict=True):
        if tab.open:
            with tab, kindly(desk):
                _box(desk, box)


def _box(desk: Desk, box: str) -> None:
    forms = desk.kept("/referral-forms")
    status = st.pills(
        desk.say("referrals.only"),
        STATES,
        key=f"letters-only-{box}",
        format_func=lambda s: desk.say(f"letter.{s}"),
    )
    shown: int = st.session_state.get(f"letters-shown-{box}", STEP)
    letters = desk.api.get("/referrals", box=box, status=status, limit=shown)
    if not letters:
        empty = "referrals.none_such" if status else f"referrals.none_{box}"
        st.info(desk.say(empty), icon=":material/forward_to_inbox:")
    late = sum(letter["overdue"] for letter in letters)
    if late:
        st.html(
            marks.alert(desk.say("referrals.late", count=late), desk.say(f"referrals.late_{box}"))
        )
    for letter in letters:
        with st.container(border=True):
            _letter(desk, letter, forms, box)
    if len(letters) == shown < MOST and st.button(desk.say("referrals.more"), key=f"more-{box}"):
        st.session_state[f"letters-shown-{box}"] = shown + STEP
        st.rerun()


def _letter(desk: Desk, letter: dict[str, Any], forms: dict[str, Any], box: str) -> None:
    st.html(letter_text.summary(desk, letter, forms))
    if letter["services"]:
        st.html(marks.listing(s["text"] for s in letter["services"]))
    letter_text.whole(desk, letter, forms)
    with st.container(horizontal=True, gap="small"):
        letter_acts.show(desk, letter, forms, "app")
        key = f"case-{box}-{letter['id']}"
        opens = letter_text.opens(letter, desk.me["agency_id"])
        if opens and st.button(desk.say("cases.open"), key=key):
            open_case(letter["case_id"])
