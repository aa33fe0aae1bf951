"""What became of a time limit: done, put off or no longer needed, wherever the limit is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import streamlit as st

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
    act = st.pills(
        desk.say("deadlines.do"),
        acts,
        default="done",
        required=True,
        key=f"deadline-act-{row['id']}",
        format_func=lambda a: desk.say(f"deadline.do.{a}"),
    )
    if row["statutory"]:
        st.caption(desk.say("deadlines.law"))
    if row["danger"]:
        st.warning(desk.say("deadlines.danger"), icon=":material/warning:")
    due = _day(desk, row) if act == "later" else None
    asked = "deadlines.reason" if act != "done" else "deadlines.reason_optional"
    reason = st.text_area(
        desk.say(asked), key=f"deadline-reason-{act}-{row['id']}", max_chars=2000
    ).strip()
    key = f"deadline-keep-{row['id']}"
    ready = bool(reason) or act == "done"
    if st.button(desk.say("deadlines.keep"), type="primary", disabled=not ready, key=key):
        _send(desk, row["id"], act, reason or None, due, scope)


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
        st.session_state[OPENED] = None
        st.toast(desk.say(f"deadline.kept.{act}"), icon=":material/check:")
        st.rerun(scope=scope)
