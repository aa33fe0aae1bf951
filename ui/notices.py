"""What the person is told: unread on Today, how many in the side bar, older ones in a drawer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import approvals, conference, live, marks
from ui.calendar import moment
from ui.cases import open_case
from ui.desk import Desk, kindly

AT_ONCE, OLDER, COUNTED = 5, 50, "counted"
TABS = {"steps": "steps", "letters": "letters", "timeline": "timeline", "openings": "timeline"}
FIRST = ("openings", "conferences")
LISTS = {"letters": "referrals", "openings": "admin", "conferences": "conference"}


@st.fragment
def count(desk: Desk) -> None:
    """How many are unread, with the way to them; asked for only when a new one came.

    As the page is drawn the person's own row tells it.
    """
    with kindly(desk):
        live.drawn_from(desk, "notice")
        if desk.me.get(COUNTED):
            desk.me["unread"] = desk.api.get("/notices", limit=1)["unread"]
        desk.me[COUNTED] = True
        if unread := desk.me["unread"]:
            st.page_link(
                st.session_state["pages"]["today"],
                label=f"**{desk.say('notices.count', count=unread)}**",
                icon=":material/notifications_active:",
            )


def show(desk: Desk, rows: list[dict[str, Any]], unread: int) -> None:
    """Those not read yet, dangers first; nothing at all when all are read."""
    if not rows:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.subheader(desk.say("notices.title", count=unread), width="content")
        if st.button(desk.say("notices.read_all"), icon=":material/done_all:", type="tertiary"):
            _read(desk, until=max(row["made_at"] for row in rows))
    with st.container(border=True):
        for row in rows[:AT_ONCE]:
            _unread(desk, row)
        if rest := rows[AT_ONCE:]:
            drawer = st.expander(
                desk.say("today.more", count=unread - AT_ONCE),
                key="notices-more",
                on_change="rerun",
            )
            if drawer.open:
                with drawer:
                    for row in rest:
                        _unread(desk, row)


def older(desk: Desk) -> None:
    """Those read before, asked for when the drawer is opened."""
    drawer = st.expander(
        desk.say("notices.older"), key="notices-older", on_change="rerun", icon=":material/history:"
    )
    if not drawer.open:
        return
    with drawer:
        rows = desk.api.get("/notices", read=True, limit=OLDER)["items"]
        if not rows:
            st.caption(desk.say("notices.none_older"))
        for row in rows:
            with _line(desk, row):
                _way(desk, row)


def _unread(desk: Desk, row: dict[str, Any]) -> None:
    with _line(desk, row):
        _way(desk, row)
        label = desk.say("notices.read")
        if st.button(label, key=f"read-{row['id']}", icon=":material/check:", type="tertiary"):
            _read(desk, ids=[row["id"]])


def _line(desk: Desk, row: dict[str, Any]) -> Any:
    """A notice in words; what is drawn into it stands behind them."""
    line = st.container(
        horizontal=True, vertical_alignment="center", key=f"noticed-{row['id']}", gap="small"
    )
    with line:
        chip = marks.chip(desk.say("today.danger"), "danger") if row["grave"] else ""
        words = row[f"message_{desk.lang}"]
        st.html(marks.told(words, chip, moment(row["made_at"], desk.lang)))
    return line


def _way(desk: Desk, row: dict[str, Any]) -> None:
    """The button to the place it speaks of, for who may see it; what is gone to is read."""
    if not leads(row):
        return
    if st.button(desk.say("notices.open"), key=f"notice-open-{row['id']}"):
        if row["read_at"] is None:
            desk.api.post("/notices/read", {"ids": [row["id"]]})
        _go(desk, row)


def leads(row: dict[str, Any]) -> bool:
    """Whether there is a place this person may see: the case, or a page that lists such things."""
    return row["number"] is not None or LISTS.get(row["place"]) in st.session_state["pages"]


def _go(desk: Desk, row: dict[str, Any]) -> None:
    """The list of such things for who does not see the case, else the part of the case."""
    pages, place, case_id = st.session_state["pages"], row["place"], row["case_id"]
    if (lists := LISTS.get(place)) in pages and (row["number"] is None or place in FIRST):
        st.switch_page(pages[lists])
    if place == "conference" and place in pages:
        st.switch_page(
            pages[place], query_params={"case": case_id, conference.OPENED: row["subject_id"]}
        )
    if place == "approval":
        st.session_state[approvals.OPENED] = row["subject_id"]
    if tab := TABS.get(place):
        st.session_state[f"parts-{case_id}-{desk.lang}"] = desk.say(f"case.{tab}")
    open_case(case_id)


def _read(desk: Desk, **which: Any) -> None:
    """Mark as read; the whole page is drawn anew, since its side bar counts them too."""
    desk.api.post("/notices/read", which)
    st.rerun()
