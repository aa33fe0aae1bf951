"""What a supervisor does for somebody's own rights: a copy of their data, and their erasure."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from ui import family
from ui.desk import Desk, kindly

ERASING_S = 300.0
DONE = "erased"


def show(desk: Desk, case_id: str, person: dict[str, Any]) -> None:
    """The copy, then the erasure behind words that must be typed."""
    _copy(desk, person)
    st.divider()
    _erase(desk, case_id, person)


def told(desk: Desk, case_id: str) -> None:
    """What the last erasure did and what is left by law, until the page is left."""
    report = st.session_state.get(_report(case_id))
    if report is None:
        return
    left = ", ".join(desk.say(f"erase.left.{what}") for what in report["left"])
    rows = sum(report["erased"].values())
    words = desk.say("erase.done", rows=rows, cases=report["cases"], left=left)
    st.success(words, icon=":material/delete_forever:")


def _copy(desk: Desk, person: dict[str, Any]) -> None:
    """Written only when asked for: each copy leaves a trace in the person's cases."""
    st.caption(desk.say("copy.hint"))
    key = f"copy-{person['id']}"
    if st.button(desk.say("copy.prepare"), key=f"ask-{key}", icon=":material/file_export:"):
        with kindly(desk):
            told_of = desk.api.get(f"/persons/{person['id']}/export")
            written = json.dumps(told_of, ensure_ascii=False, indent=2)
            name = f"cmis-person-{person['id'][:8]}.json"
            st.download_button(
                desk.say("copy.take"),
                written,
                file_name=name,
                mime="application/json",
                key=key,
                on_click="ignore",
                icon=":material/download:",
            )


def _erase(desk: Desk, case_id: str, person: dict[str, Any]) -> None:
    name = family.name(person, desk.lang)
    st.markdown(f"**{desk.say('erase.title', name=name)}**")
    st.markdown(desk.say("erase.means"))
    word = desk.say("erase.word")
    typed = st.text_input(desk.say("erase.type", word=word), key=f"erase-{person['id']}")
    sure = typed.strip() == word
    if st.button(
        desk.say("erase.this"),
        key=f"erase-now-{person['id']}",
        icon=":material/delete_forever:",
        disabled=not sure,
    ):
        with kindly(desk), st.spinner(desk.say("erase.under_way")):
            path = f"/persons/{person['id']}/erasure"
            st.session_state[_report(case_id)] = desk.api.post(path, wait_s=ERASING_S)
            st.rerun()  # the story, too, is another one now


def _report(case_id: str) -> str:
    return f"{DONE}-{case_id}"
