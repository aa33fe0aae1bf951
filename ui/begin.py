"""Where a person stands before their pages: a password of their own first, a page not theirs."""

from __future__ import annotations

import streamlit as st

from ui import own_password
from ui.desk import Desk

WAYS_ON = ("cases", "knowledge", "schemes")


def own_password_first(desk: Desk) -> None:
    """Nothing else is drawn while the password is one that somebody else set."""
    st.title(desk.say("begin.password"))
    st.info(desk.say("begin.password_why"), icon=":material/key:")
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        if own_password.ask(desk):
            st.rerun()


def nowhere() -> None:
    """An address that is no page: said so, and the ways on."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("begin.nowhere"))
    st.info(desk.say("begin.nowhere_why"), icon=":material/wrong_location:")
    pages = st.session_state["pages"]
    st.page_link(pages["home"], label=desk.say("begin.home"), icon=":material/arrow_back:")
    for name in WAYS_ON:
        if name in pages:
            st.page_link(pages[name])


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
