"""Tasks of a conference: who does what by when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import streamlit as st

from ui import marks
from ui.calendar import BANGKOK, day, hours_left
from ui.desk import Desk, kindly

ROWS = "conference_task_rows"
IN_DAYS = 7
EVENING = time(16, 30)


def collect(desk: Desk, agencies: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows for tasks to be given with a decision; rows without words are left out."""
    count = st.session_state.setdefault(ROWS, 1)
    tasks = [task for n in range(count) if (task := _row(desk, agencies, n))]
    if st.button(desk.say("task.more"), icon=":material/add:", key="task_more", type="tertiary"):
        st.session_state[ROWS] = count + 1
        st.rerun()
    return tasks


def forget() -> None:
    """The rows were kept; the next decision begins with an empty one."""
    st.session_state.pop(ROWS, None)


def _row(desk: Desk, agencies: Mapping[str, str], number: int) -> dict[str, Any] | None:
    what, who, when = st.columns([3, 3, 2])
    text = what.text_input(
        desk.say("task.what", number=number + 1), key=f"task_text_{number}", max_chars=1000
    )
    agency = who.selectbox(
        desk.say("task.agency"),
        list(agencies),
        format_func=lambda a: agencies[a],
        key=f"task_agency_{number}",
    )
    due = when.date_input(
        desk.say("task.due"),
        value=datetime.now(BANGKOK).date() + timedelta(days=IN_DAYS),
        format="DD/MM/YYYY",
        key=f"task_due_{number}",
    )
    if not text.strip():
        return None
    at = datetime.combine(due, EVENING, BANGKOK).isoformat()
    return {"text": text.strip(), "agency_id": agency, "due": at}


def show(
    desk: Desk, tasks: list[dict[str, Any]], agencies: Mapping[str, str], *, may_end: bool
) -> None:
    """Every task with its end, or for who may the way to end it."""
    st.subheader(desk.say("task.title", count=len(tasks)))
    if not tasks:
        st.caption(desk.say("task.none"))
    for task in tasks:
        with st.container(border=True):
            st.html(_line(desk, task, agencies))
            if may_end and task["may_end"]:
                _end(desk, task["id"])


def _line(desk: Desk, task: dict[str, Any], agencies: Mapping[str, str]) -> str:
    late = task["status"] == "open" and hours_left(task["due"]) < 0
    chips = marks.chip(desk.say(f"task.{task['status']}"), "danger" if late else "quiet")
    chips += marks.chip(desk.say("item.due", when=day(task["due"], desk.lang)))
    agency = agencies.get(task["agency_id"], task["agency_id"])
    return marks.headline(task["text"], agency, chips, task["result"] or "")


def _end(desk: Desk, task_id: str) -> None:
    with st.popover(desk.say("task.end"), icon=":material/task_alt:"):
        result = st.text_input(desk.say("task.result"), key=f"result-{task_id}", max_chars=2000)
        with st.container(horizontal=True, gap="small"):
            for status in ("done", "dropped"):
                key = f"{status}-{task_id}"
                if st.button(desk.say(f"task.mark.{status}"), key=key, disabled=not result.strip()):
                    with kindly(desk):
                        body = {"status": status, "result": result.strip()}
                        desk.api.post(f"/conference-tasks/{task_id}/end", body)
                        st.rerun()
