"""Adding somebody to a case; who the office may know already is looked for first."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import case_doubles, marks, person_card, person_fields, person_parts
from ui.desk import Desk, kindly
from ui.fields import choose, next_round, round_of

FORM = "person"


def show(desk: Desk, case_id: str, present: set[str]) -> None:
    """The form in a drawer; ``present`` are the ids of those in the case."""
    drawer = st.expander(
        desk.say("add.title"),
        icon=":material/person_add:",
        key=f"add-person-{case_id}",
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            _form(desk, case_id, present)


def _form(desk: Desk, case_id: str, present: set[str]) -> None:
    key = f"add-{case_id}-{round_of(FORM, case_id)}"
    with st.form(key, border=False):
        role = choose(desk, "add.part", person_parts.names(desk), key=f"{key}-part")
        typed = person_fields.ask(desk, person_fields.BLANK, key)
        sent = st.form_submit_button(desk.say("add.this"), type="primary")
    if sent:
        st.session_state.pop(_found(case_id), None)
        if role is None or not person_fields.changes(person_fields.BLANK, typed):
            st.error(desk.say("add.needed"), icon=":material/edit:")
            return
        with kindly(desk):
            found = desk.api.post("/persons/search", typed)["items"]
            if not found:
                _add(desk, case_id, {"role": role, "identity": typed})
            st.session_state[_found(case_id)] = {"role": role, "identity": typed, "items": found}
    if asked := st.session_state.get(_found(case_id)):
        _like(desk, case_id, asked, present)


def _like(desk: Desk, case_id: str, asked: dict[str, Any], present: set[str]) -> None:
    """Whom the office knows that may be meant: one of them is linked, or somebody new is added."""
    st.warning(desk.say("add.known"), icon=":material/person_search:")
    for other in asked["items"]:
        here = other["person_id"] in present
        chips = marks.chip(desk.say("add.here"), "rule") if here else ""
        case_doubles.told(desk, other, chips)
        key = f"link-{case_id}-{other['person_id']}"
        if not here and st.button(desk.say("add.link"), key=key, icon=":material/link:"):
            with kindly(desk):
                _add(desk, case_id, {"role": asked["role"], "person_id": other["person_id"]})
    if st.button(desk.say("add.new"), key=f"new-{case_id}", icon=":material/person_add:"):
        with kindly(desk):
            _add(desk, case_id, {"role": asked["role"], "identity": asked["identity"]})


def _add(desk: Desk, case_id: str, body: dict[str, Any]) -> None:
    """Put somebody into the case and open their drawer, where doubles are shown."""
    made = desk.api.post(f"/cases/{case_id}/persons", body)
    st.session_state.pop(_found(case_id), None)
    next_round(FORM, case_id)
    person_card.open_at(made["id"], "doubles")
    st.toast(desk.say("add.done"), icon=":material/check:")
    st.rerun(scope="fragment")


def _found(case_id: str) -> str:
    return f"like-{case_id}"
