"""What is recorded at a step: the kinds whose time has come, and the form of the one chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import entry_fields, entry_keeping
from ui.desk import Desk, kindly
from ui.marks import capital

CLOSING = "closure_request"


def show(desk: Desk, case: dict[str, Any], standing: Mapping[str, Any]) -> None:
    """The form of what comes next; other kinds are one choice away."""
    forms = desk.kept("/entry-forms")["forms"]
    ready = [offer["kind"] for offer in standing["offers"] if not offer["missing"]]
    if not ready:
        return
    numbers = {step["id"]: step["number"] for step in standing["steps"]}
    now = numbers[standing["current"]]
    ready.sort(key=lambda kind: _place(forms[kind], numbers, now))
    first = ready[0] if _place(forms[ready[0]], numbers, now) == 0 else None
    with st.container(border=True, key=f"record-{case['id']}"):
        st.subheader(desk.say("entry.title"))
        key = f"entry_kind-{case['id']}-{standing['current']}"
        if key not in st.session_state:
            begun = (kind for kind in ready if entry_keeping.begun(desk, case["id"], kind))
            st.session_state[key] = next(begun, first)
        kind = st.pills(
            desk.say("entry.kind"),
            ready,
            key=key,
            format_func=lambda k: capital(str(forms[k][desk.lang])),
        )
        if kind:
            _form(desk, case["id"], str(kind), forms[kind])


def _place(form: Mapping[str, Any], numbers: Mapping[str, int], now: int) -> int:
    """Where a kind stands: what ends the current step, what may happen in it, what is behind."""
    step = numbers[form["step"]]
    if step == now and form.get("ends_step"):
        return 0
    return 1 if step >= now or not form.get("ends_step") else 2


def _form(desk: Desk, case_id: str, kind: str, form: Mapping[str, Any]) -> None:
    at = entry_keeping.key_of(case_id, kind)
    entry_keeping.begin(desk, case_id, kind, form)
    given, lacking = entry_fields.ask(desk, form, key=at)
    entry_keeping.keep(desk, case_id, kind, form)
    if not st.button(
        desk.say("entry.record"), type="primary", icon=":material/check:", key=f"record-{kind}"
    ):
        return
    if lacking:
        st.error(desk.say("entry.lacking", fields=", ".join(lacking)), icon=":material/edit:")
        return
    with kindly(desk):
        kept = desk.api.post(f"/cases/{case_id}/entries", {"kind": kind, "content": given})
        entry_fields.forget(at)
        entry_keeping.forget(desk, case_id, kind)
        if kind == CLOSING:
            desk.api.post(f"/cases/{case_id}/closure", {"entry_id": kept["id"]})
        st.toast(desk.say("entry.kept", kind=form[desk.lang]), icon=":material/check:")
        st.rerun()
