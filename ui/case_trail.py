"""Who opened and changed a case: every event of its trail in words, with whoever did it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from ui import document_marks, frame_marks
from ui.calendar import moment
from ui.desk import Desk
from ui.words import catalogue

EVENTS_SHOWN = 100
ALARMING = ("access_refused", "erasure_refused", "glass_broken")
RECORDED = "_recorded"
ACT = "trail.act."


def show(desk: Desk, case_id: str) -> None:
    """The drawer with the newest events, and whether the record is what was written."""
    drawer = st.expander(
        f"**{desk.say('trail.title')}**", key=f"trail-{case_id}", on_change="rerun"
    )
    if not drawer.open:
        return
    with drawer:
        found = desk.api.get(f"/cases/{case_id}/trail")
        if found["damage"]:
            st.error(desk.say("trail.broken"), icon=":material/gpp_bad:")
        else:
            st.success(desk.say("trail.intact"), icon=":material/verified:")
        events = found["events"][::-1]
        if len(events) > EVENTS_SHOWN:
            st.caption(desk.say("trail.newest", count=EVENTS_SHOWN, total=len(events)))
        st.html(frame_marks.timeline(told(desk, event) for event in events[:EVENTS_SHOWN]))


def told(desk: Desk, event: dict[str, Any]) -> frame_marks.Row:
    """When, how it looks, what was done, by whom; a program alone is called the system."""
    who = desk.who(event["by_name"], event["by_agency"]) or desk.say("trail.machine")
    kind = "danger" if event["action"] in ALARMING else "quiet"
    return moment(event["at"], desk.lang), kind, " · ".join(_words(desk, event)), who, ""


def _words(desk: Desk, event: dict[str, Any]) -> Iterator[str]:
    """What was done and, where the event says so, to what."""
    action, detail = event["action"], event["detail"]
    if action.endswith(RECORDED):
        action = "entry_recorded"
    known = f"{ACT}{action}" in catalogue(desk.lang)
    yield desk.say(f"{ACT}{action}" if known else f"{ACT}unknown")
    if action == "entry_recorded":
        kind = desk.kept("/entry-forms")["forms"].get(detail.get("kind"), {})
        yield str(kind.get(desk.lang) or desk.say("choice.gone"))
    if action.startswith("document_"):
        yield from _document(desk, detail)
    if action.startswith("sign_off_"):
        yield desk.say(f"sign.{detail['kind']}")
    if "verdict" in detail:
        yield desk.say(f"approval.{detail['verdict']}")


def _document(desk: Desk, detail: dict[str, Any]) -> Iterator[str]:
    kinds = {k["type_id"]: k for k in desk.kept("/document-types")["items"]}
    if kind := kinds.get(detail.get("type_id", "")):
        yield document_marks.name(kind, desk.lang)
    if detail.get("party"):
        yield f"→ {detail['party']}"
