"""One entry of the knowledge opened beside the search: all it says, and what it refers to."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import streamlit as st

from ui import knowledge_entry_marks
from ui.desk import Desk, kindly
from ui.titles import title

OPEN = "knowledge_open"  # ids of the entries followed one after the other, the last one is read


def opener(desk: Desk, entry: dict[str, Any], key: str) -> None:
    """A button that opens an entry."""
    if st.button(desk.say("knowledge.entry_open"), key=key, icon=":material/open_in_full:"):
        st.session_state[OPEN] = [entry["id"]]
        shown(desk)


def shown(desk: Desk) -> None:
    """The entry in a window of its own."""
    st.dialog(desk.say("knowledge.entry_title"), width="large", on_dismiss=_close)(_read)(desk)


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _read(desk: Desk) -> None:
    followed: list[str] = st.session_state[OPEN]
    with kindly(desk):
        entry = desk.api.get(f"/entries/{quote(followed[-1], safe='')}")
        st.html(knowledge_entry_marks.entry(entry, desk.lang))
        _beside(desk, entry)
    back = desk.say("knowledge.entry_back")
    if len(followed) > 1 and st.button(back, icon=":material/arrow_back:"):
        followed.pop()
        st.rerun(scope="fragment")


def _beside(desk: Desk, entry: dict[str, Any]) -> None:
    if entry["see_also"]:
        st.markdown(f"**{desk.say('knowledge.entry_see')}**")
    for other in entry["see_also"]:
        name = title(other, desk.lang)
        key = f"see-{entry['id']}-{other['id']}"
        if st.button(name, key=key, type="tertiary", icon=":material/link:"):
            st.session_state[OPEN].append(other["id"])
            st.rerun(scope="fragment")
