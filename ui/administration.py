"""Administration: accounts and agencies, the queue, the knowledge to review, health, the trail.

A supervisor has the page for emergency openings and for the knowledge, an auditor for the check of
the whole record; an administrator for all but the openings. A tab asks the API when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import admin_accounts, admin_agencies, admin_marks, admin_sources, admin_trail, kept_words
from ui.calendar import moment
from ui.desk import Desk, kindly


def page() -> None:
    """The tabs this person's role has."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("admin.title"))
    tabs = OF_ROLE[desk.me["role"]]
    drawn = st.tabs(
        [desk.say(f"admin.{name}") for name in tabs], key="admin_tab", on_change="rerun"
    )
    for tab, draw in zip(drawn, tabs.values(), strict=True):
        if tab.open:
            with tab, kindly(desk):
                draw(desk)


def _jobs(desk: Desk) -> None:
    found = desk.api.get("/admin/jobs")
    st.caption(desk.say("admin.jobs_hint"))
    if found["counts"]:
        st.html(admin_marks.counts(found["counts"], desk.lang))
    else:  # a new office; no words at all would be an error
        st.caption(desk.say("admin.no_jobs"))
    for job in found["jobs"]:
        with st.container(border=True):
            words, way = st.columns([4, 1], vertical_alignment="center")
            words.html(admin_marks.job(job, desk.lang))
            again = job["status"] == "failed" and way.button(
                desk.say("admin.retry"), key=f"retry-{job['id']}", width="stretch"
            )
            if again:
                desk.api.post(f"/admin/jobs/{job['id']}/retry")
                st.rerun()


def _knowledge(desk: Desk) -> None:
    admin_sources.show(desk)
    found = desk.api.get("/knowledge/due")
    st.subheader(desk.say("admin.due", count=found["total"]))
    st.html(admin_marks.due(found["due"], desk.lang))
    if found["total"] > len(found["due"]):
        st.caption(desk.say("admin.due_more", count=found["total"] - len(found["due"])))


def _health(desk: Desk) -> None:
    st.html(admin_marks.health(desk.api.get("/health")["parts"], desk.lang))
    st.button(desk.say("room.again"), icon=":material/refresh:")


def _openings(desk: Desk) -> None:
    waiting = desk.api.get("/alerts")["openings"]
    if not waiting:
        st.caption(desk.say("admin.no_openings"))
    for opening in waiting:
        with st.container(border=True):
            _opening(desk, opening)


def _opening(desk: Desk, opening: dict[str, Any]) -> None:
    when = moment(opening["opened_at"], desk.lang)
    st.html(admin_marks.opening(opening, when))
    fields = {f"note-{opening['id']}": kept_words.name_of("opening", opening["id"])}
    kept_words.begin(desk, fields)
    note = st.text_area(
        desk.say("admin.opening_note"), key=f"note-{opening['id']}", max_chars=2000
    ).strip()
    kept_words.watch(desk, fields)
    with st.container(horizontal=True, gap="small"):
        for outcome in ("justified", "not_justified"):
            label = desk.say(f"admin.{outcome}")
            if st.button(label, key=f"{outcome}-{opening['id']}", disabled=not note):
                body = {"outcome": outcome, "note": note}
                with kindly(desk):
                    desk.api.post(f"/glass/{opening['id']}/review", body)
                    kept_words.forget(desk, "opening", opening["id"])
                    st.rerun()


Tab = Callable[[Desk], None]
OF_ROLE: dict[str, dict[str, Tab]] = {
    "administrator": {
        "accounts": admin_accounts.show,
        "agencies": admin_agencies.show,
        "jobs": _jobs,
        "knowledge": _knowledge,
        "health": _health,
        "trail": admin_trail.show,
    },
    "supervisor": {"openings": _openings, "knowledge": _knowledge},
    "auditor": {"trail": admin_trail.show},
}
