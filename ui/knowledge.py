"""Look something up in the law, the schemes and the practice notes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks
from ui.desk import Desk, kindly

KINDS = ("law", "welfare", "practice", "principle", "document")


def page() -> None:
    """A search box and what it finds."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("knowledge.title"))
    query = st.text_input(
        desk.say("knowledge.query"), placeholder=desk.say("knowledge.placeholder")
    )
    kind = st.segmented_control(
        desk.say("knowledge.kind"), KINDS, format_func=lambda k: desk.say(f"kind.{k}")
    )
    if query.strip():
        with kindly(desk):
            found = desk.api.get("/search", q=query, k=10, kind=kind)
            _hits(desk, found["hits"])


def _hits(desk: Desk, hits: list[dict[str, Any]]) -> None:
    if not hits:
        st.info(desk.say("knowledge.nothing"), icon=":material/search_off:")
    for hit in hits:
        with st.container(border=True):
            st.html(marks.hit(hit, desk.lang))
