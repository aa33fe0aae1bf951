"""The plan of a case: ask for a draft, watch it being written, then review it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks, plan_review, trial_view
from ui.desk import Desk, kindly

POLL_S = 1.0
ALIVE = ("queued", "running")
SPARK = ":material/auto_awesome:"


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Draw what there is of the plan; who may not read it is told so."""
    if "versions" in case["withheld"]:
        st.caption(desk.say("withheld.here", part=desk.say("withheld.versions")))
        return
    run = case.get("latest_run")
    if run and run["status"] in ALIVE:
        _watch(desk, case, run["id"])
        return
    if run and run["status"] == "failed":
        st.error(desk.say("draft.failed", code=run["error_code"] or "internal"))
    if not case["versions"]:
        asks = "draft.none" if case["acts"] else "draft.none_read"
        st.info(desk.say(asks), icon=":material/draft:")
    if case["acts"]:
        _draft_button(desk, case)
    if case["versions"] and trial_view.shown(desk, case):
        plan_review.show(desk, case)


def _draft_button(desk: Desk, case: dict[str, Any]) -> None:
    label = desk.say("draft.again" if case["versions"] else "draft.start")
    newest = max(case["versions"], key=lambda v: v["number"], default=None)
    behind = newest and newest["told_since"]
    if behind:
        st.warning(desk.say("story.after_draft"), icon=":material/add_comment:")
    if st.button(label, type="primary" if behind or not newest else "secondary", icon=SPARK):
        with kindly(desk):
            body = {"carry_from": newest["id"]} if newest else {}
            desk.api.post(f"/cases/{case['id']}/drafts", body)
            st.rerun()


@st.fragment(run_every=POLL_S)
def _watch(desk: Desk, case: dict[str, Any], run_id: str) -> None:
    """Read the run anew every second; nothing sleeps and nothing else is drawn meanwhile."""
    with kindly(desk):
        run = desk.api.get(f"/drafts/{run_id}")
        if run["status"] not in ALIVE:
            st.rerun()
        step = run["step"] or run["status"]
        share = min(run["percent"] or 0, 100) / 100
        st.progress(share, text=desk.say(f"draft.step.{step}"))
        if case["acts"] and st.button(desk.say("draft.stop"), icon=":material/stop_circle:"):
            desk.api.post(f"/drafts/{run_id}/cancel")
            st.rerun()
        if run.get("parts"):
            st.html(marks.ready(run["parts"].values()))
