"""Correcting who somebody is; where a colleague was first, both texts stand and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import people_marks, person_fields
from ui.client import Refused
from ui.desk import Desk

CONFLICT = "person.conflict"


def show(desk: Desk, case_id: str, person: dict[str, Any]) -> None:
    """The fields as they were when the form was opened; saving sends what differs from them."""
    key = _opened(person["id"])
    begun = st.session_state.setdefault(key, _begin(person))
    with st.form(f"form-{key}-{begun['revision']}", border=False):
        typed = person_fields.ask(desk, begun["known"], f"{key}-{begun['revision']}")
        sent = st.form_submit_button(desk.say("who.save"), type="primary")
    changed = person_fields.changes(begun["known"], typed)
    if sent and not changed:
        st.caption(desk.say("who.nothing_changed"))
    elif sent:
        _save(desk, f"/cases/{case_id}/persons/{person['id']}", key, changed)
    if begun.get("theirs"):
        _both(desk, begun["theirs"], changed)


def forget(person_id: str) -> None:
    """Nothing of a form that was left stays behind."""
    st.session_state.pop(_opened(person_id), None)


def _begin(person: dict[str, Any]) -> dict[str, Any]:
    known = person_fields.BLANK | (person["identity"] or {})
    return {"revision": person["revision"], "now": person["revision"], "known": known}


def _save(desk: Desk, path: str, key: str, changed: dict[str, Any]) -> None:
    begun = st.session_state[key]
    try:
        desk.api.patch(path, {"revision": begun["now"], "changes": changed})
    except Refused as refused:
        if refused.code != CONFLICT:
            desk.refuse(refused)
            return
        told = refused.body["details"]
        begun.update(now=told["revision"], theirs=told["theirs"])
        return
    st.session_state.pop(key)
    st.toast(desk.say("who.saved"), icon=":material/check:")
    st.rerun(scope="fragment")


def _both(desk: Desk, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> None:
    """Their words and yours: saving once more is then a choice."""
    st.warning(f"{desk.say('clash.told')}  \n`{CONFLICT}`", icon=":material/group:")
    rows = [
        (
            desk.say(f"who.{field}"),
            person_fields.told(desk, field, value),
            person_fields.told(desk, field, yours.get(field)),
        )
        for field, value in theirs.items()
        if field in yours
    ]
    st.html(people_marks.both(rows, desk.lang))


def _opened(person_id: str) -> str:
    return f"who-{person_id}"
