"""Where a person stands before their pages: a password of their own first, a page not theirs."""

from __future__ import annotations

import streamlit as st

from ui import own_password
from ui.desk import Desk


def own_password_first(desk: Desk) -> None:
    """Nothing else is drawn while the password is one that somebody else set."""
    st.title(desk.say("begin.password"))
    st.info(desk.say("begin.password_why"), icon=":material/key:")
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        if own_password.ask(desk):
            st.rerun()


def not_yours() -> None:
    """A page of another role: what it is, why it is closed, and the way to one's own."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("begin.not_yours"))
    st.info(
        desk.say("begin.not_yours_why", role=desk.role(desk.me["role"])), icon=":material/lock:"
    )
    st.page_link(
        st.session_state["pages"]["home"],
        label=desk.say("begin.home"),
        icon=":material/arrow_back:",
    )
