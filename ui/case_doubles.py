"""Whether the office, or another one, may know somebody already; a person decides, with reasons."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks
from ui.desk import Desk, kindly

CHOICES = {"same": ":material/join_inner:", "different": ":material/call_split:"}


def show(desk: Desk, person: dict[str, Any]) -> None:
    """Drawn only where somebody asked for it: the search itself is audited."""
    with kindly(desk):
        found = desk.api.get(f"/persons/{person['id']}/duplicates")
        if not found["candidates"] and not found["elsewhere"]:
            st.caption(desk.say("doubles.none"))
        for other in found["candidates"]:
            told(desk, other)
            if not other["decision"]:
                _decide(desk, person["id"], other["person_id"])
        for agency in found["elsewhere"]:
            st.caption(desk.say("doubles.elsewhere", agency=agency[desk.lang]))


def told(desk: Desk, other: dict[str, Any], chips: str = "") -> None:
    """Somebody who may be the same person, and why."""
    reasons = " · ".join(reason[desk.lang] for reason in other["reasons"])
    if other.get("decision"):
        chips += marks.chip(desk.say(f"doubles.{other['decision']}"))
    name = other["name"] or desk.say("people.unnamed")
    st.html(marks.headline(name, other["birth_year"], chips, reasons))


def _decide(desk: Desk, person_id: str, other_id: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for decision, icon in CHOICES.items():
            key = f"{decision}-{person_id}-{other_id}"
            if st.button(desk.say(f"doubles.say_{decision}"), key=key, icon=icon):
                with kindly(desk):
                    body = {"other_id": other_id, "decision": decision, "reason": None}
                    desk.api.post(f"/persons/{person_id}/duplicates", body)
                    st.rerun(scope="fragment")
