"""Who is asked to a conference, by profession; asking more, taking an invitation back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import conference_calling, marks
from ui.desk import Desk, kindly
from ui.roles import leads


def show(desk: Desk, held: dict[str, Any], agencies: Mapping[str, str]) -> None:
    """The people of the room."""
    leading = held["status"] == "open" and leads(held, desk.me["role"])
    present = [m for m in held["members"] if not m["withdrawn_at"]]
    st.subheader(desk.say("room.people", count=len(present)))
    if not present:
        st.caption(desk.say("room.nobody"))
    for member in sorted(present, key=lambda m: m["profession"]):
        words, way = st.columns([5, 1], vertical_alignment="center")
        agency = agencies.get(member["agency_id"], member["agency_id"])
        words.html(marks.headline(member["name"], desk.role(member["profession"]), "", agency))
        key, help_text = f"out-{member['user_id']}", desk.say("room.uninvite")
        if leading and way.button(
            "", key=key, icon=":material/person_remove:", help=help_text, type="tertiary"
        ):
            _uninvite(desk, held["id"], member["user_id"])
    if leading:
        _invite(desk, held, {m["user_id"] for m in present})


def _invite(desk: Desk, held: dict[str, Any], present: set[str]) -> None:
    drawer = st.expander(desk.say("room.invite"), key="invite_more", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        chosen = conference_calling.invitees(desk, present, "invite_members")
        if st.button(desk.say("room.invite_these"), disabled=not chosen, key="invite_go"):
            with kindly(desk):
                desk.api.post(f"/conferences/{held['id']}/members", {"members": chosen})
                st.session_state.pop("invite_members", None)
                st.rerun()


def _uninvite(desk: Desk, conference_id: str, user_id: str) -> None:
    with kindly(desk):
        desk.api.delete(f"/conferences/{conference_id}/members/{user_id}")
        st.rerun()
