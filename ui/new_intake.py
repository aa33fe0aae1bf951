"""A story comes in: write it as it was told, and the case is open."""

from __future__ import annotations

import streamlit as st

from ui.cases import open_case
from ui.desk import Desk, kindly

LIMIT = 100_000
KEPT = "intake_words"


def page() -> None:
    """The intake form. The words stay in the session until the record has them."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("intake.title"))
    st.caption(desk.say("intake.hint"))
    title = st.text_input(
        desk.say("intake.case_title"),
        max_chars=120,
        key="intake_title",
        help=desk.say("intake.case_title_help"),
    )
    words = st.text_area(
        desk.say("intake.words"), height=360, key=KEPT, placeholder=desk.say("intake.placeholder")
    )
    st.caption(desk.say("intake.count", count=f"{len(words):,}", limit=f"{LIMIT:,}"))
    if st.button(
        desk.say("intake.open"), type="primary", icon=":material/check:", disabled=not words.strip()
    ):
        _open(desk, title, words)


def _open(desk: Desk, title: str, words: str) -> None:
    with kindly(desk):
        with st.spinner(desk.say("intake.coding")):
            case = desk.api.post("/cases", {"narrative": words, "title": title or None})
        del st.session_state[KEPT]
        open_case(case["id"])
