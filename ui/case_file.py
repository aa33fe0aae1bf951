"""One case: what was told, what the machine heard in it, and the plan to review."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from ui import marks, plan_review
from ui.calendar import moment
from ui.desk import Desk, kindly

POLL_S = 1.0
SPARK = ":material/auto_awesome:"


def page() -> None:
    """Draw the file of the case in the address."""
    desk: Desk = st.session_state["desk"]
    case_id = st.query_params.get("case") or st.session_state.get("case_id")
    if not case_id:
        st.info(desk.say("case.none"), icon=":material/folder_shared:")
        return
    st.query_params["case"] = case_id
    with kindly(desk):
        case = desk.api.get(f"/cases/{case_id}")
        _head(desk, case)
        told, plan = st.tabs([desk.say("case.told"), desk.say("case.plan")])
        with told:
            _told(desk, case)
        with plan:
            _plan(desk, case)


def _head(desk: Desk, case: dict[str, Any]) -> None:
    st.title(case["title"])
    urgent = case["urgency"] == "immediate_1h"
    received = desk.say("cases.received", when=moment(case["received_at"], desk.lang))
    st.html(
        f'<div class="cmis-row">'
        f"{marks.chip(case['number']) if case['title'] != case['number'] else ''}"
        f"{marks.chip(desk.say('urgency.' + case['urgency']), 'danger' if urgent else 'quiet')}"
        f"{marks.chip(desk.say('status.' + case['status']))}"
        f"{marks.chip(received)}</div>"
    )
    for flag in case["coding"]["red_flags"]:
        st.html(_flag(desk, flag))


def _flag(desk: Desk, flag: dict[str, Any]) -> str:
    words = " · ".join(f"“{s['text']}”" for s in flag["spans"])
    lines = desk.say("flag.hotlines", numbers=", ".join(flag["hotlines"]))
    return marks.alert(f"{flag['id']} {flag['sign_th']}", flag["action_th"], f"{words} — {lines}")


def _told(desk: Desk, case: dict[str, Any]) -> None:
    coding = case["coding"]
    shown, listed = st.columns([3, 2], gap="large")
    shown.subheader(desk.say("case.story"))
    shown.html(marks.story(case["narrative"]["text"], _story_marks(coding, case)))
    with listed:
        st.subheader(desk.say("case.codes"))
        st.caption(coding["urgency"]["reason_th"])
        _codes(desk, case)


def _story_marks(coding: dict[str, Any], case: dict[str, Any]) -> list[dict[str, Any]]:
    removed = {d["code"] for d in case["code_decisions"] if d["decision"] == "removed"}
    codes = [c for c in coding["codes"] if c["code"] not in removed]
    return [
        {"start": s["start"], "end": s["end"], "label": c["code"], "flag": False}
        for c in codes
        for s in c["spans"]
    ] + [
        {"start": s["start"], "end": s["end"], "label": f["id"], "flag": True}
        for f in coding["red_flags"]
        for s in f["spans"]
    ]


def _codes(desk: Desk, case: dict[str, Any]) -> None:
    decided = {d["code"]: d["decision"] for d in case["code_decisions"]}
    for problem in case["coding"]["codes"]:
        _code(desk, case["id"], problem, decided.get(problem["code"]))
    unsure = [c for c in case["coding"]["unsure"] if c["code"] not in decided]
    if unsure:
        st.markdown(f"**{desk.say('case.unsure')}**")
    for problem in unsure:
        _code(desk, case["id"], problem, None)
    _add_code(desk, case, decided)


def _code(desk: Desk, case_id: str, problem: dict[str, Any], decision: str | None) -> None:
    code = problem["code"]
    with st.container(border=True):
        st.html(marks.code_line(problem, decision, desk.lang))
        with st.container(horizontal=True, gap="small"):
            if st.button(
                desk.say("code.accept"),
                key=f"take-{code}",
                icon=":material/check:",
                disabled=decision == "accepted",
            ):
                _decide(desk, case_id, code, "accepted")
            if st.button(
                desk.say("code.remove"),
                key=f"drop-{code}",
                icon=":material/close:",
                disabled=decision == "removed",
            ):
                _decide(desk, case_id, code, "removed")


def _decide(desk: Desk, case_id: str, code: str, decision: str) -> None:
    with kindly(desk):
        desk.api.post(f"/cases/{case_id}/codes", {"code": code, "decision": decision})
        st.rerun()


def _add_code(desk: Desk, case: dict[str, Any], decided: dict[str, str]) -> None:
    book = _book(desk)
    present = {c["code"] for c in case["coding"]["codes"]} | set(decided)
    choices = [c for c in book if c not in present]
    chosen = st.selectbox(
        desk.say("code.add"),
        choices,
        index=None,
        format_func=lambda c: f"{c} {book[c]}",
        key="add_code",
    )
    if chosen and st.button(desk.say("code.add_this"), icon=":material/add:"):
        _decide(desk, case["id"], chosen, "added")


def _book(desk: Desk) -> dict[str, str]:
    if "codebook" not in st.session_state:
        codes = desk.api.get("/codebook")["codes"]
        st.session_state["codebook"] = {c["code"]: c["label_th"] for c in codes}
    book: dict[str, str] = st.session_state["codebook"]
    return book


def _plan(desk: Desk, case: dict[str, Any]) -> None:
    run = case.get("latest_run")
    if run and run["status"] in ("queued", "running"):
        _watch(desk, run)
        return
    if run and run["status"] == "failed":
        st.error(desk.say("draft.failed", code=run["error_code"] or "internal"))
    if not case["versions"]:
        st.info(desk.say("draft.none"), icon=":material/draft:")
    _draft_button(desk, case)
    if case["versions"]:
        plan_review.show(desk, case)


def _draft_button(desk: Desk, case: dict[str, Any]) -> None:
    label = desk.say("draft.again" if case["versions"] else "draft.start")
    if st.button(label, type="primary" if not case["versions"] else "secondary", icon=SPARK):
        desk.api.post(f"/cases/{case['id']}/drafts")
        st.rerun()


def _watch(desk: Desk, run: dict[str, Any]) -> None:
    bar = st.progress(0.0, text=desk.say("draft.step.queued"))
    while run["status"] in ("queued", "running"):
        step = run["step"] or run["status"]
        bar.progress(min(run["percent"] or 0, 100) / 100, text=desk.say(f"draft.step.{step}"))
        time.sleep(POLL_S)
        run = desk.api.get(f"/drafts/{run['id']}")
    st.rerun()
