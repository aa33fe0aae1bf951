"""Which case a page is about: the one in the address, or one chosen by its title or number."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.cases import open_case
from ui.desk import Desk

KEY = "choice_case"
MOST, LONGEST = 100, 120


def choose(desk: Desk) -> dict[str, Any] | None:
    """Draw the choice; the row of the chosen case, whose id the address then carries."""
    asked = st.query_params.get("case") or st.session_state.get("case_id")
    find, pick, way = st.columns([2, 4, 1], vertical_alignment="bottom")
    words = find.text_input(
        desk.say("choice.find"), key="choice_find", placeholder=desk.say("choice.find_hint")
    )
    rows = _rows(desk, words.strip(), asked)
    if not rows:
        st.info(desk.say("choice.nothing" if words else "cases.empty"), icon=":material/inbox:")
        return None
    if st.session_state.get(KEY) not in rows:
        st.session_state[KEY] = asked if asked in rows else None
    chosen: str | None = pick.selectbox(
        desk.say("choice.case"),
        list(rows),
        key=KEY,
        format_func=lambda i: _named(rows[i]),
        placeholder=desk.say("choice.pick"),
    )
    if chosen is None:
        st.info(desk.say("choice.first"), icon=":material/folder_shared:")
        return None
    st.session_state["case_id"] = st.query_params["case"] = chosen
    if way.button(desk.say("choice.open"), key="choice_open", width="stretch"):
        open_case(chosen)
    return rows[chosen]


def _rows(desk: Desk, words: str, asked: str | None) -> dict[str, dict[str, Any]]:
    found = desk.api.post("/cases/search", {"words": words[:LONGEST], "limit": MOST})["items"]
    rows = {case["id"]: case for case in found}
    if asked and asked not in rows and not words:
        rows = {asked: desk.api.get(f"/cases/{asked}")} | rows
    return rows


def _named(case: dict[str, Any]) -> str:
    title = case["title"] or case["number"]
    return title if title == case["number"] else f"{title} · {case['number']}"
