"""Today: new notices, dangers, deadlines by hours left, letters to answer, approvals that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import approvals, live, marks, notices, step_marks, tour
from ui.calendar import hours_left, left, moment
from ui.cases import open_case, show_only
from ui.desk import Desk, kindly
from ui.roles import WORKERS

DANGER: dict[str, Any] = {"urgency": "immediate_1h", "open": True}
AT_ONCE = 8
WAYS = {"to_sign": "today.decide", "openings": "today.review"}
Line = Callable[[Desk, dict[str, Any]], str]


def page() -> None:
    """Everything that waits for this person, the most pressing first."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("today.title"))
    with kindly(desk):
        tour.show(desk)
        _waiting(desk)


@st.fragment(run_every=live.REFRESH_S)
def _waiting(desk: Desk) -> None:
    """Read anew by itself, so that a page left open never shows an old morning."""
    live.drawn_from(desk, "case", "notice")
    with kindly(desk):
        waiting = desk.api.get("/alerts")
        dangers = desk.api.get("/cases", limit=AT_ONCE, **DANGER)
        _counts(desk, waiting, dangers["total"])
        grave = any(notice["grave"] for notice in waiting["notices"])
        if grave:
            notices.show(desk, waiting["notices"], waiting["unread"])
        _section(desk, "danger", dangers["items"], _danger)
        if dangers["total"] > len(dangers["items"]):
            _all_dangers(desk, dangers["total"])
        _section(desk, "deadlines", waiting["deadlines"], _deadline)
        if not grave:
            notices.show(desk, waiting["notices"], waiting["unread"])
        _section(desk, "to_answer", waiting["to_answer"], _letter)
        _section(desk, "unanswered", waiting["unanswered"], _letter)
        _section(desk, "to_sign", waiting["to_sign"], _signature)
        _section(desk, "conferences", waiting["conferences"], _conference)
        _section(desk, "openings", waiting["openings"], _opening)
        _steps(desk)
        notices.older(desk)


def _steps(desk: Desk) -> None:
    """How many of the person's own cases stand at each step; a supervisor's are the agency's."""
    led = desk.me["role"] == "supervisor"
    rows = desk.api.get("/caseload", mine=not led) if desk.me["role"] in WORKERS else []
    if rows:
        st.subheader(desk.say("today.steps_led" if led else "today.steps"))
        st.html(step_marks.steps(rows, desk.lang))


def _all_dangers(desk: Desk, total: int) -> None:
    """The way to those that did not fit here."""
    if st.button(desk.say("today.all_danger", count=total), icon=":material/warning:"):
        show_only(**DANGER)


def _counts(desk: Desk, waiting: dict[str, Any], dangers: int) -> None:
    late = sum(d["overdue"] for d in waiting["deadlines"])
    told = {
        "danger": dangers,
        "late": late,
        "to_answer": len(waiting["to_answer"]),
        "to_sign": len(waiting["to_sign"]),
    }
    with st.container(key="counts"):
        columns = st.columns(len(told))
    for column, (name, count) in zip(columns, told.items(), strict=True):
        column.metric(desk.say(f"today.count.{name}"), count, border=True)


def _section(desk: Desk, name: str, rows: list[dict[str, Any]], line: Line) -> None:
    """A heading with its rows; nothing at all when nothing waits, except for the first two."""
    if not rows and name not in ("danger", "deadlines"):
        return
    st.subheader(desk.say(f"today.{name}"))
    if not rows:
        st.caption(desk.say(f"today.no_{name}"))
    _rows(desk, name, rows[:AT_ONCE], line)
    if rest := rows[AT_ONCE:]:
        drawer = st.expander(
            desk.say("today.more", count=len(rest)), key=f"more-{name}", on_change="rerun"
        )
        if drawer.open:
            with drawer:
                _rows(desk, name, rest, line)


def _rows(desk: Desk, name: str, rows: list[dict[str, Any]], line: Line) -> None:
    for row in rows:
        with st.container(border=True):
            words, way = st.columns([5, 1], vertical_alignment="center")
            words.html(line(desk, row))
            key = f"today-{name}-{row['id']}"
            label = desk.say(WAYS.get(name, "cases.open"))
            if way.button(label, key=key, width="stretch"):
                _go(name, row)


def _go(name: str, row: dict[str, Any]) -> None:
    """Where a row is dealt with: its case, what waits there for one's word, or the review."""
    if name == "openings":
        st.switch_page(st.session_state["pages"]["admin"])
    if name == "to_sign":
        st.session_state[approvals.OPENED] = row["id"]
    open_case(row.get("case_id") or row["id"])


def _danger(desk: Desk, case: dict[str, Any]) -> str:
    chips = marks.chip(desk.say("urgency.immediate_1h"), "danger")
    when = desk.say("cases.received", when=moment(case["received_at"], desk.lang))
    return marks.headline(case["title"], case["number"], chips, when)


def _deadline(desk: Desk, deadline: dict[str, Any]) -> str:
    hours = hours_left(deadline["due"])
    chips = marks.chip(left(hours, desk.lang), "danger" if hours < 0 else "inferred")
    if deadline["statutory"]:
        chips += marks.chip(desk.say("today.statutory"), "rule")
    due = desk.say("item.due", when=moment(deadline["due"], desk.lang))
    duty = marks.capital(deadline[f"duty_{desk.lang}"])
    return marks.headline(duty, deadline["number"], chips, due)


def _letter(desk: Desk, letter: dict[str, Any]) -> str:
    state = desk.say("today.late_answer" if letter["overdue"] else "today.answer")
    chips = marks.chip(state, "danger" if letter["overdue"] else "quiet")
    by = desk.say("today.answer_by", when=moment(letter["answer_by"], desk.lang))
    between = f"{desk.agency(letter['from_agency'])} → {desk.agency(letter['to_agency'])}"
    return marks.headline(letter["requested"], between, chips, by)


def _signature(desk: Desk, wanted: dict[str, Any]) -> str:
    chips = marks.chip(desk.say(f"sign.{wanted['kind']}"))
    asked = desk.say(
        "today.asked_by",
        name=wanted["requested_name"],
        when=moment(wanted["requested_at"], desk.lang),
    )
    return marks.headline(desk.say("today.sign"), wanted["number"], chips, asked)


def _conference(desk: Desk, meeting: dict[str, Any]) -> str:
    chips = marks.chip(desk.say(f"conference.{meeting['status']}"))
    when = moment(meeting["meets_at"], desk.lang)
    return marks.headline(desk.say("today.conference"), str(meeting["number"]), chips, when)


def _opening(desk: Desk, opening: dict[str, Any]) -> str:
    chips = marks.chip(desk.say("today.to_review"), "danger")
    when = moment(opening["opened_at"], desk.lang)
    return marks.headline(f"{opening['name']}: {opening['reason']}", opening["number"], chips, when)
