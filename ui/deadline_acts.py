"""What became of a time limit: done, put off or no longer needed, wherever the limit is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import streamlit as st

from ui import kept_words
from ui.calendar import BANGKOK
from ui.desk import Desk, kindly

Scope = Literal["app", "fragment"]
OPENED = "deadline_opened"
EVENING = time(16, 30)
WEEK = timedelta(days=7)


def button(desk: Desk, row: Mapping[str, Any], place: Any) -> bool:
    """The way to say what became of it; whether its form is open."""
    opened: bool = st.session_state.get(OPENED) == row["id"]
    place.button(
        desk.say("documents.fold" if opened else "deadlines.act"),
        key=f"deadline-{row['id']}",
        width="stretch",
        on_click=_turn,
        args=(None if opened else row["id"],),
    )
    return opened


def _turn(deadline_id: str | None) -> None:
    st.session_state[OPENED] = deadline_id


def form(desk: Desk, row: Mapping[str, Any], scope: Scope) -> None:
    """What happened, and why: asked for unless it is done. Kept words stay when it is refused."""
    acts = ("done", "cancelled") if row["statutory"] else ("done", "later", "cancelled")
    at = f"deadline-act-{row['id']}"
    if at not in st.session_state:
        begun = (act for act in acts if kept_words.begun(desk, "deadline", row["id"], act))
        st.session_state[at] = next(begun, "done")
    chosen = st.pills(
        desk.say("deadlines.do"),
        acts,
        required=True,
        key=at,
        format_func=lambda a: desk.say(f"deadline.do.{a}"),
    )
    act = chosen or "done"
    if row["statutory"]:
        st.caption(desk.say("deadlines.law"))
    if row["danger"]:
        st.warning(desk.say("deadlines.danger"), icon=":material/warning:")
    due = _day(desk, row) if act == "later" else None
    asked = "deadlines.reason" if act != "done" else "deadlines.reason_optional"
    reason = _words(desk, row["id"], act, desk.say(asked))
    key = f"deadline-keep-{row['id']}"
    ready = bool(reason) or act == "done"
    if st.button(desk.say("deadlines.keep"), type="primary", disabled=not ready, key=key):
        _send(desk, row["id"], act, reason or None, due, scope)


def _words(desk: Desk, deadline_id: str, act: str, label: str) -> str:
    """Why, kept while it is written."""
    key = f"deadline-reason-{act}-{deadline_id}"
    fields = {key: kept_words.name_of("deadline", deadline_id, act)}
    kept_words.begin(desk, fields)
    words = st.text_area(label, key=key, max_chars=2000).strip()
    kept_words.watch(desk, fields)
    return words


def taken_back(desk: Desk, row: Mapping[str, Any], place: Any, scope: Scope) -> None:
    """What was ended by mistake today waits again: a way to say so, and why."""
    opened = st.session_state.get(OPENED) == row["id"]
    place.button(
        desk.say("documents.fold" if opened else "deadlines.take_back"),
        key=f"back-{row['id']}",
        type="tertiary",
        icon=":material/undo:",
        on_click=_turn,
        args=(None if opened else row["id"],),
    )
    if not opened:
        return
    st.caption(desk.say("deadlines.back_hint"))
    reason = _words(desk, row["id"], "back", desk.say("deadlines.why_back"))
    ready, key = bool(reason), f"back-keep-{row['id']}"
    if st.button(desk.say("deadlines.keep"), type="primary", disabled=not ready, key=key):
        with kindly(desk):
            desk.api.post(f"/deadlines/{row['id']}/taking-back", {"reason": reason})
            _kept(desk, row["id"], "back", scope)


def _day(desk: Desk, row: Mapping[str, Any]) -> date:
    """The later day, a week on unless another is chosen."""
    day: date = st.date_input(
        desk.say("deadlines.new_day"),
        value=datetime.fromisoformat(row["due"]).astimezone(BANGKOK).date() + WEEK,
        format="DD/MM/YYYY",
        key=f"deadline-day-{row['id']}",
    )
    return day


def _send(
    desk: Desk,
    deadline_id: str,
    act: str,
    reason: str | None,
    due: date | None,
    scope: Scope,
) -> None:
    with kindly(desk):
        if due is not None:
            moment = datetime.combine(due, EVENING, BANGKOK).isoformat()
            body = {"due": moment, "reason": reason}
            desk.api.post(f"/deadlines/{deadline_id}/extension", body)
        else:
            desk.api.post(f"/deadlines/{deadline_id}/end", {"status": act, "reason": reason})
        _kept(desk, deadline_id, act, scope)


def _kept(desk: Desk, deadline_id: str, act: str, scope: Scope) -> None:
    kept_words.forget(desk, "deadline", deadline_id, "")
    st.session_state[OPENED] = None
    st.toast(desk.say(f"deadline.kept.{act}"), icon=":material/check:")
    st.rerun(scope=scope)
