"""How far a service is, written back on top of what was seen, never over a colleague's word."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import kept_words, marks
from ui.calendar import moment
from ui.client import Refused
from ui.desk import Desk
from ui.fields import next_round, round_of

STATES = ("under_way", "delivered", "not_delivered")
SEEN, FORM = "service_seen", "report"


def show(desk: Desk, row: dict[str, Any]) -> None:
    """A drawer to report in; it begins with what is written, and remembers what was seen."""
    seen: dict[str, dict[str, Any]] = st.session_state.setdefault(SEEN, {})
    at = f"{row['id']}-{round_of(FORM, row['id'])}"
    label = desk.say("services.report")
    drawer = st.expander(label, icon=":material/edit_note:", key=f"report-{at}", on_change="rerun")
    if not drawer.open:
        seen.pop(row["id"], None)
        return
    begun = seen.setdefault(row["id"], {"revision": row["revision"], "theirs": None})
    with drawer:
        if begun["theirs"]:
            st.warning(desk.say("services.theirs"), icon=":material/group:")
            st.html(_told(desk, begun["theirs"]))
        state = st.pills(
            desk.say("services.how_far"),
            STATES,
            key=f"report-state-{at}",
            format_func=lambda s: desk.say(f"service.{s}"),
        )
        key = f"report-result-{at}"
        fields = {key: kept_words.name_of("report", row["id"], "result")}
        kept_words.begin(desk, fields, {key: row["result"] or ""})
        result = st.text_area(desk.say("services.result"), key=key, max_chars=2000).strip()
        kept_words.watch(desk, fields)
        if st.button(desk.say("services.report_this"), type="primary", key=f"report-send-{at}"):
            if state is None:
                st.error(desk.say("services.state_needed"), icon=":material/edit:")
                return
            _send(desk, row["id"], {"status": state, "result": result or None})


def _send(desk: Desk, service_id: str, report: dict[str, Any]) -> None:
    """Send the report; where somebody was quicker, theirs is shown and the person's words stay."""
    begun = st.session_state[SEEN][service_id]
    try:
        desk.api.post(f"/services/{service_id}/report", report | {"revision": begun["revision"]})
    except Refused as refused:
        theirs = refused.body.get("details", {}).get("theirs")
        if refused.status != 409 or not theirs:
            desk.refuse(refused)
            return
        st.session_state[SEEN][service_id] = {"revision": theirs["revision"], "theirs": theirs}
    else:
        next_round(FORM, service_id)
        kept_words.forget(desk, "report", service_id, "")
        st.session_state[SEEN].pop(service_id)
    st.rerun(scope="fragment")


def _told(desk: Desk, theirs: dict[str, Any]) -> str:
    chip = marks.chip(desk.say(f"service.{theirs['status']}"))
    when = moment(theirs["changed_at"], desk.lang)
    return marks.headline(theirs["changed_name"], when, chip, theirs["result"] or "–")
