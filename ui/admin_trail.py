"""The check of the whole record: asked for, watched while it runs, and what the last ones found."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import admin_marks
from ui.desk import Desk, kindly

ALIVE = ("queued", "running")
REFRESH_S = 1.5


def show(desk: Desk) -> None:
    """The button, the check under way or the last one, and those before it."""
    st.caption(desk.say("admin.trail_hint"))
    runs = desk.api.get("/admin/verification")
    alive = any(run["status"] in ALIVE for run in runs)
    label, icon = desk.say("admin.verify"), ":material/verified:"
    if st.button(label, type="primary", icon=icon, disabled=alive):
        with kindly(desk):
            desk.api.post("/admin/verification")
            st.rerun()
    if not runs:
        st.caption(desk.say("admin.never_verified"))
        return
    st.fragment(_watched, run_every=REFRESH_S if alive else None)(desk, runs, alive)


def _watched(desk: Desk, runs: list[dict[str, Any]], alive: bool) -> None:
    """The list by itself; while a check runs it is read anew and drawn again."""
    with kindly(desk):
        if alive:
            runs = desk.api.get("/admin/verification")
            if not any(run["status"] in ALIVE for run in runs):
                st.rerun()
        newest, *earlier = runs
        _newest(desk, newest)
        ended = [run for run in earlier if run["status"] not in ALIVE]
        if ended:
            st.subheader(desk.say("admin.earlier_checks"))
            st.html(admin_marks.checks(ended, desk.lang))


def _newest(desk: Desk, run: dict[str, Any]) -> None:
    st.html(admin_marks.asked(run, desk.lang))
    if run["status"] in ALIVE:
        share = run["checked"] / run["cases"] if run["cases"] else 0.0
        words = desk.say("admin.checking", checked=run["checked"], cases=run["cases"])
        st.progress(min(share, 1.0), text=words if run["cases"] else desk.say("admin.verifying"))
    elif run["status"] == "failed":
        st.error(desk.say("admin.check_failed", code=run["error_code"]), icon=":material/error:")
    else:
        st.html(admin_marks.verified(run["report"], desk.lang))
