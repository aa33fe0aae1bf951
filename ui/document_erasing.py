"""A document erased by law: asked for with a ground, confirmed once more, told by its tombstone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import document_marks, frame_marks, kept_words
from ui.calendar import moment
from ui.desk import Desk, kindly

ERASED = "document_erased"
LEAST = 10  # letters of a ground, as the API wants them


def ask(desk: Desk, document: dict[str, Any]) -> None:
    """The ground and the confirmation; nothing is erased by one press."""
    document_id = document["id"]
    st.warning(desk.say("erasing.means"), icon=":material/delete_forever:")
    key = f"erasing_reason-{document_id}"
    fields = {key: kept_words.name_of("erasing", document_id)}
    kept_words.begin(desk, fields)
    reason = st.text_area(desk.say("erasing.reason"), key=key, max_chars=2000).strip()
    kept_words.watch(desk, fields)
    sure = st.checkbox(
        desk.say("erasing.sure", title=document["title"]), key=f"erasing_sure-{document_id}"
    )
    label = desk.say("erasing.erase")
    if not st.button(label, key="erasing_go", icon=":material/delete_forever:", disabled=not sure):
        return
    if len(reason) < LEAST:
        st.error(desk.say("erasing.reason_needed", least=LEAST), icon=":material/edit:")
        return
    with kindly(desk):
        done = desk.api.post(f"/documents/{document_id}/erasure", {"reason": reason})
        kept_words.forget(desk, "erasing", document_id)
        st.session_state[ERASED] = {
            "title": document["title"],
            "case_id": document["case_id"],
            **done,
        }
        for key in ("document_opened", "document_shown", "document_act"):
            st.session_state.pop(key, None)
        st.rerun()


def told(desk: Desk, case_id: str) -> None:
    """What an erasure took and what it left, until another document is opened."""
    done = st.session_state.get(ERASED)
    if done and done["case_id"] == case_id:
        words = desk.say(
            "erasing.done",
            title=done["title"],
            versions=done["versions"],
            tombstones=done["tombstones"],
        )
        st.success(words, icon=":material/check:")


def erased(desk: Desk, case_id: str, kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """A drawer with the tombstones of a case: what kind was erased, by whom, on what ground."""
    drawer = st.expander(desk.say("erasing.stones"), key=f"erased-{case_id}", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        events = desk.api.get(f"/cases/{case_id}/trail")["events"]
        stones = [e for e in events if e["action"] == "document_erased"]
        if not stones:
            st.caption(desk.say("erasing.no_stones"))
            return
        st.html(frame_marks.timeline(_stone(desk, e, kinds) for e in reversed(stones)))


def _stone(
    desk: Desk, event: dict[str, Any], kinds: Mapping[str, Mapping[str, Any]]
) -> frame_marks.Row:
    """When, how it looks, what was erased, by whom and why."""
    kind = kinds.get(event["detail"].get("type_id", ""))
    words = document_marks.name(kind, desk.lang) if kind else desk.say("erasing.a_document")
    why = str(event["detail"].get("reason") or "")
    below = " · ".join(part for part in (desk.named(event)["by_name"], why) if part)
    return moment(event["at"], desk.lang), "quiet", words, below, ""
