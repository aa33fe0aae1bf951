"""What was recorded at the steps of a case, the newest first, and what a reassessment changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import entry_fields, marks, step_marks
from ui.calendar import moment
from ui.desk import Desk

SHOWN = 40


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Each entry in a drawer of its own; one opens with its fields in words."""
    path = f"/cases/{case['id']}"
    entries = list(reversed(desk.api.get(f"{path}/entries")))[:SHOWN]
    if not entries:
        return
    st.subheader(desk.say("entry.recorded"))
    forms = desk.kept("/entry-forms")["forms"]
    judged = {"assessment", "reassessment"} & {e["kind"] for e in entries}
    changes = {c["to_id"]: c for c in desk.api.get(f"{path}/changes")} if judged else {}
    for entry in entries:
        _entry(desk, entry, forms.get(entry["kind"], {}), changes.get(entry["id"]))


def _entry(
    desk: Desk, entry: dict[str, Any], form: Mapping[str, Any], change: Mapping[str, Any] | None
) -> None:
    name = marks.capital(str(form.get(desk.lang) or desk.say("choice.gone")))
    when = moment(entry["recorded_at"], desk.lang)
    drawer = st.expander(f"**{name}** · {when}", key=f"entry-{entry['id']}", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.caption(f"{entry['recorded_name']} · {desk.agency(entry['agency_id'])}")
        st.html(step_marks.answers(entry_fields.told(desk, form, entry["content"])))
        if change and change["changed"]:
            st.html(step_marks.changes(_changed(desk, form, change["changed"])))


def _changed(
    desk: Desk, form: Mapping[str, Any], changed: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    rules = form.get("fields", {})
    found = []
    for name, pair in changed.items():
        before, after = (
            entry_fields.answer(desk, rules.get(name), pair[side])
            if pair[side] is not None
            else "–"
            for side in ("before", "after")
        )
        [(label, _)] = entry_fields.told(desk, form, {name: pair["after"]})
        found.append((label, before, after))
    return found
