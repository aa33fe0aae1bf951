"""The first steps in the demo office, shown once to each person, and again whenever they ask."""

from __future__ import annotations

import streamlit as st

from ui.desk import Desk, kindly

DRAWER, SEEN, STEP = "tour", "seen", "tour_step"
STEPS = {"today": "today", "intake": "intake", "codes": "cases", "plan": "cases", "leave": None}


def show(desk: Desk) -> None:
    """One step with the way to its page; nothing for who has seen the tour."""
    if desk.drawer.get(DRAWER) == SEEN:
        return
    names = list(STEPS)
    at = min(int(st.session_state.get(STEP, 0)), len(names) - 1)
    name = names[at]
    with st.container(border=True, key="tour"):
        st.markdown(f"**{desk.say('tour.title', step=at + 1, of=len(names))}**")
        st.markdown(desk.say(f"tour.{name}"))
        with st.container(horizontal=True, gap="small"):
            _ways(desk, at, STEPS[name], last=at + 1 == len(names))


def again(desk: Desk) -> None:
    """Begin the tour anew."""
    st.session_state[STEP] = 0
    with kindly(desk):
        desk.keep(DRAWER, "")


def _ways(desk: Desk, at: int, page: str | None, *, last: bool) -> None:
    pages = st.session_state["pages"]
    if not last:
        label = desk.say("tour.next")
        st.button(label, type="primary", key="tour-next", on_click=_turn, args=(at + 1,))
    if page in pages and st.button(desk.say(f"page.{page}"), key="tour-go"):
        st.switch_page(pages[page])
    label = desk.say("tour.done" if last else "tour.skip")
    st.button(label, key="tour-done", on_click=_seen, args=(desk,))


def _turn(step: int) -> None:
    st.session_state[STEP] = step


def _seen(desk: Desk) -> None:
    with kindly(desk):
        desk.keep(DRAWER, SEEN)
