"""Research: start an evaluation, watch it, read its figures with intervals, compare two runs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks, research_figures, research_trials
from ui.calendar import moment
from ui.desk import Desk, kindly
from ui.fields import choose
from ui.words import catalogue

ALIVE = ("queued", "running")
COMPARISON = "comparison"
PARTS = ("runs", "compare", "trials")
REFRESH_S = 2.0
NEWEST = 20
SIGNS = {"done": "rule", "failed": "danger", "cancelled": "quiet"}


def page() -> None:
    """What a researcher may do here."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("research.title"))
    with kindly(desk):
        if run_id := st.session_state.get("research_run"):
            _reading(desk, run_id)
            return
        st.caption(desk.say("research.hint"))
        names = [desk.say(f"research.{part}") for part in PARTS]
        tabs = st.tabs(names, key=f"research-parts-{desk.lang}", on_change="rerun")
        for tab, part in zip(tabs, PARTS, strict=True):
            if tab.open:
                with tab:
                    _part(desk, part)


def _part(desk: Desk, part: str) -> None:
    """The open part alone."""
    if part == "trials":
        research_trials.draw(desk)
        return
    listed = desk.api.get("/research/runs", limit=NEWEST)
    if part == "compare":
        _compare(desk, [r for r in listed if _comparable(r)])
        return
    _start(desk)
    _list(desk, listed)


def _start(desk: Desk) -> None:
    offered = {e["id"]: e for e in desk.api.get("/research/experiments")}
    with st.form("start-run", border=True):
        names = {n: f"{family(desk, e['family'])} · {n}" for n, e in offered.items()}
        chosen = choose(desk, "research.experiment", names, key="experiment", first=True)
        left, right = st.columns(2)
        limit = left.number_input(
            desk.say("research.limit"), min_value=0, value=0, help=desk.say("research.limit_help")
        )
        processes = right.number_input(
            desk.say("research.processes"), min_value=1, max_value=64, value=1
        )
        asked = st.form_submit_button(
            desk.say("research.start"), type="primary", icon=":material/play_arrow:"
        )
    if asked:
        body = {"experiment": chosen, "limit": int(limit) or None, "processes": int(processes)}
        st.session_state["research_run"] = desk.api.post("/research/runs", body)["id"]
        st.rerun()


def _list(desk: Desk, listed: list[dict[str, Any]]) -> None:
    st.subheader(desk.say("research.newest"))
    if not listed:
        st.info(desk.say("research.none"), icon=":material/science:")
    alive = any(r["status"] in ALIVE for r in listed)
    st.fragment(_rows, run_every=REFRESH_S if alive else None)(desk, listed, alive)


def _rows(desk: Desk, listed: list[dict[str, Any]], alive: bool) -> None:
    """The list by itself: while something runs it is read anew and drawn again."""
    with kindly(desk):
        if alive:
            listed = desk.api.get("/research/runs", limit=NEWEST)
            if not any(r["status"] in ALIVE for r in listed):
                st.rerun()
        for run in listed:
            _row(desk, run)


def _row(desk: Desk, run: dict[str, Any]) -> None:
    with st.container(border=True):
        words, way = st.columns([4, 1], vertical_alignment="center")
        words.html(_summary(desk, run))
        if run["status"] in ALIVE:
            with words:
                _progress(run)
            with way:
                _stop(desk, run)
        elif run["status"] == "done" and way.button(
            desk.say("research.open"), key=f"open-{run['id']}", width="stretch"
        ):
            st.session_state["research_run"] = run["id"]
            st.rerun()


def family(desk: Desk, name: str) -> str:
    """What a family of evaluations is called; a run of one that is gone keeps its own name."""
    key = f"family.{name}"
    return desk.say(key) if key in catalogue(desk.lang) else name


def _summary(desk: Desk, run: dict[str, Any]) -> str:
    state = marks.chip(
        desk.say(f"research.status.{run['status']}"), SIGNS.get(run["status"], "inferred")
    )
    limit = run["options"].get("limit")
    size = marks.chip(desk.say("research.sample", count=limit)) if limit else ""
    wrong = marks.chip(run["error_code"]) if run["error_code"] else ""
    title = family(desk, run["family"])
    return marks.headline(
        title, run["experiment"], f"{state}{size}{wrong}", moment(run["created_at"], desk.lang)
    )


def _reading(desk: Desk, run_id: str) -> None:
    """One run by itself: how far it is, then what came out."""
    if st.button(desk.say("research.back"), icon=":material/arrow_back:"):
        del st.session_state["research_run"]
        st.rerun()
    run = desk.api.get(f"/research/runs/{run_id}")
    st.header(f"{family(desk, run['family'])} · {run['experiment']}")
    if run["status"] in ALIVE:
        st.fragment(_waiting, run_every=REFRESH_S)(desk, run_id)
    elif run["status"] == "done":
        research_figures.show(desk, run)
    else:
        st.html(_summary(desk, run))


def _waiting(desk: Desk, run_id: str) -> None:
    """Drawn anew by itself until the run has ended."""
    with kindly(desk):
        run = desk.api.get(f"/research/runs/{run_id}")
        if run["status"] not in ALIVE:
            st.rerun()
        _progress(run)
        _stop(desk, run)


def _progress(run: dict[str, Any]) -> None:
    share = min(max(run["percent"] or 0, 0), 100)
    st.progress(share / 100, text=f"{run['step'] or ''} {share:.0f} %")


def _stop(desk: Desk, run: dict[str, Any]) -> None:
    if st.button(desk.say("research.cancel"), key=f"stop-{run['id']}", width="stretch"):
        desk.api.post(f"/research/runs/{run['id']}/cancel")
        st.rerun()


def _comparable(run: dict[str, Any]) -> bool:
    return bool(run["status"] == "done" and run["experiment"] != COMPARISON)


def _compare(desk: Desk, done: list[dict[str, Any]]) -> None:
    st.caption(desk.say("research.compare_hint"))
    if len(done) < 2:
        st.info(desk.say("research.too_few"), icon=":material/compare_arrows:")
        return
    by_id = {r["id"]: r for r in done}

    def named(run_id: str) -> str:
        run = by_id[run_id]
        limit = run["options"].get("limit") or desk.say("research.all_cases")
        when = moment(run["created_at"], desk.lang)
        return f"{run['experiment']} · {limit} · {when} · {run_id[:6]}"

    ours = st.selectbox(desk.say("research.ours"), list(by_id), format_func=named)
    same = [i for i, r in by_id.items() if r["family"] == by_id[ours]["family"] and i != ours]
    others = {i: named(i) for i in same}
    theirs = choose(desk, "research.theirs", others, key=f"theirs-{ours}", first=True)
    if st.button(desk.say("research.compare_these"), disabled=theirs is None):
        pair = {"ours": ours, "theirs": theirs}
        st.session_state["research_run"] = desk.api.post("/research/comparisons", pair)["id"]
        st.rerun()
