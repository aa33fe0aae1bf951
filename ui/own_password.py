"""One's own password: the present one and the next; every other session ends with it."""

from __future__ import annotations

import streamlit as st

from ui.client import Refused
from ui.desk import Desk


def offer(desk: Desk) -> None:
    """The way to it, in the side bar."""
    if st.button(desk.say("password.change"), icon=":material/key:", type="tertiary"):
        st.dialog(desk.say("password.change"))(_ask)(desk)


def _ask(desk: Desk) -> None:
    if ask(desk):
        st.success(desk.say("password.kept"), icon=":material/check:")


def ask(desk: Desk) -> bool:
    """The form; whether a new password was kept just now."""
    with st.form("own_password", border=False):
        old = st.text_input(desk.say("password.old"), type="password")
        new = st.text_input(desk.say("password.new"), type="password")
        again = st.text_input(desk.say("password.again"), type="password")
        sent = st.form_submit_button(desk.say("password.keep"), type="primary")
    if not sent:
        return False
    if new != again:
        st.error(desk.say("password.differs"), icon=":material/edit:")
        return False
    try:
        desk.api.put("/me/password", {"old": old, "new": new})
    except Refused as refused:
        desk.refuse(refused)
        return False
    return True
