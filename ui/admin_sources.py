"""Added documents: what waits for a person, what is in it, and yes or no with a reason."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import kept_words, source_adding, source_marks
from ui.desk import Desk, kindly

OPENED, BEGIN = "admin_source", "admin_source_begin"
PAGE = 12


def show(desk: Desk) -> None:
    """Documents are added, read while they wait, and those decided last; one is open at a time."""
    source_adding.show(desk)
    found = desk.api.get("/knowledge/sources")
    st.subheader(desk.say("admin.waiting", count=len(found["waiting"])))
    st.caption(desk.say("admin.waiting_hint"))
    for row in found["waiting"]:
        _one(desk, row)
    if not found["decided"]:
        return
    drawer = st.expander(
        desk.say("sources.decided", count=len(found["decided"])),
        key="admin_decided",
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            for row in found["decided"]:
                _one(desk, row)


def _one(desk: Desk, row: dict[str, Any]) -> None:
    opened = st.session_state.get(OPENED) == row["id"]
    with st.container(border=True):
        words, way = st.columns([4, 1], vertical_alignment="center")
        whose = desk.agency(row["agency_id"]) if row["agency_id"] else desk.say("sources.shared")
        words.html(source_marks.source(row, whose, desk.lang))
        label = desk.say("documents.fold" if opened else "sources.read")
        if way.button(label, key=f"source-{row['id']}", width="stretch"):
            st.session_state[OPENED] = None if opened else row["id"]
            st.session_state[BEGIN] = 0
            st.rerun()
        if opened:
            with kindly(desk):
                _read(desk, row["id"])


def _read(desk: Desk, source_id: str) -> None:
    """Warnings first, then the passages, then the decision beneath what was read."""
    begin = st.session_state.get(BEGIN, 0)
    row = desk.api.get(f"/knowledge/sources/{source_id}", begin=begin)
    for warned in row["warnings"]:
        st.html(source_marks.warning(warned, desk.lang))
    if not row["warnings"]:
        st.caption(desk.say("sources.no_warning"))
    until = begin + len(row["shown"])
    st.markdown(
        f"**{desk.say('sources.passages', first=begin + 1, last=until, count=row['passages'])}**"
    )
    if row["shown"]:
        st.html("".join(source_marks.passage(p, desk.lang) for p in row["shown"]))
    _turn(desk, begin, until, row["passages"])
    for past in row["reviews"]:
        st.html(source_marks.review(past, desk.lang))
    if row["may_decide"]:
        _decide(desk, row)
    else:
        st.caption(desk.say("sources.administrators"))


def _turn(desk: Desk, begin: int, until: int, count: int) -> None:
    """The way to the passages before and after."""
    if count <= PAGE:
        return
    with st.container(horizontal=True, gap="small"):
        if st.button(desk.say("sources.before"), key="source_before", disabled=begin == 0):
            st.session_state[BEGIN] = max(0, begin - PAGE)
            st.rerun()
        if st.button(desk.say("sources.after"), key="source_after", disabled=until >= count):
            st.session_state[BEGIN] = until
            st.rerun()


def _decide(desk: Desk, row: dict[str, Any]) -> None:
    fields = {f"source-reason-{row['id']}": kept_words.name_of("source", row["id"])}
    kept_words.begin(desk, fields)
    reason = st.text_area(
        desk.say("sources.reason"), key=f"source-reason-{row['id']}", max_chars=2000
    ).strip()
    kept_words.watch(desk, fields)
    with st.container(horizontal=True, gap="small"):
        for decision in ("accepted", "rejected"):
            label = desk.say(f"sources.{decision}")
            if st.button(
                label,
                key=f"source_{decision}",
                type="primary" if decision == "accepted" else "secondary",
                disabled=not reason or row["review"] == decision,
            ):
                _keep(desk, row, {"decision": decision, "reason": reason, "was": row["review"]})
    st.caption(desk.say("sources.decide_hint"))


def _keep(desk: Desk, row: dict[str, Any], body: dict[str, str]) -> None:
    with kindly(desk):
        desk.api.post(f"/knowledge/sources/{row['id']}/review", body)
        kept_words.forget(desk, "source", row["id"])
        st.session_state[OPENED] = None
        st.toast(desk.say(f"sources.kept.{body['decision']}"), icon=":material/check:")
        st.rerun()
