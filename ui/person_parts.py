"""The parts somebody plays in a case: what the machine proposes is confirmed or taken away."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import people_marks
from ui.desk import Desk, kindly
from ui.fields import choose

PARTS = (
    "client",
    "reporter",
    "alleged_perpetrator",
    "parent",
    "guardian",
    "household_member",
    "other",
)


def names(desk: Desk, but: set[str] | None = None) -> dict[str, str]:
    """The parts there are in words, those of ``but`` left out."""
    return {p: desk.say(f"part.{p}") for p in PARTS if p not in (but or ())}


def show(desk: Desk, case: dict[str, Any], person: dict[str, Any]) -> None:
    """Each part with its words and what may be said of it, then the choice of another."""
    story = (case["narrative"] or {}).get("text")
    for part in person["roles"]:
        words = people_marks.quoted(story, part["spans"])
        st.html(people_marks.line(people_marks.part_chip(part, desk.lang), words))
        _decide(desk, case["id"], person, part)
    if len(person["roles"]) == 1:
        st.caption(desk.say("who.last_part"))
    rest = names(desk, {part["role"] for part in person["roles"]})
    key = f"part-of-{person['id']}-{len(rest)}"
    another = choose(desk, "who.another_part", rest, key=key)
    if another and st.button(
        desk.say("who.give_part"), key=f"give-{person['id']}", icon=":material/add:"
    ):
        _say(desk, case["id"], person["id"], another, "confirmed")


def _decide(desk: Desk, case_id: str, person: dict[str, Any], part: dict[str, Any]) -> None:
    proposed = part["standing"] == "proposed"
    said = {"confirmed": ":material/check:"} if proposed else {}
    said |= {"removed": ":material/close:"}
    with st.container(horizontal=True, gap="small"):
        for standing, icon in said.items():
            word = "fact.say_" if proposed else "who.part_"
            key = f"part-{standing}-{part['role']}-{person['id']}"
            if st.button(desk.say(f"{word}{standing}"), key=key, icon=icon):
                _say(desk, case_id, person["id"], part["role"], standing)


def _say(desk: Desk, case_id: str, person_id: str, part: str, standing: str) -> None:
    with kindly(desk):
        body = {"role": part, "standing": standing}
        desk.api.post(f"/cases/{case_id}/persons/{person_id}/parts", body)
        st.rerun(scope="fragment")
