"""Schemes as an interview: the one question that decides most, and what the answers open."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import fact_fields, marks, scheme_marks
from ui.desk import Desk, kindly

FACTS, SKIPPED, ROUND = "scheme_facts", "scheme_skipped", "scheme_round"
VERDICTS = ("likely", "ask", "assess", "unlikely")
SHOWN_AT_ONCE = 12


def page() -> None:
    """Ask, keep what was answered, and show every scheme by its verdict."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("schemes.title"))
    st.caption(desk.say("schemes.hint"))
    answers: dict[str, Any] = st.session_state.setdefault(FACTS, {})
    skipped: list[str] = st.session_state.setdefault(SKIPPED, [])
    with kindly(desk):
        facts = {row["field"]: row for row in desk.kept("/facts")}
        found = desk.api.post("/schemes", {"facts": answers, "not_known": skipped})
        if found["call_first"]:
            numbers = " ".join(found["call_first"])
            st.html(marks.alert(desk.say("schemes.danger"), numbers))
        asked, told = st.columns([3, 2], gap="large")
        with asked:
            _question(desk, facts, found)
        with told:
            _answers(desk, facts, answers, skipped)
        full = {row["id"]: row for row in desk.kept("/schemes")}
        _verdicts(desk, facts, found["schemes"], full)


def _question(desk: Desk, facts: dict[str, dict[str, Any]], found: dict[str, Any]) -> None:
    field = found["next_fact"]
    if field is None:
        st.success(desk.say("schemes.all_asked"), icon=":material/task_alt:")
        return
    fact = facts[field]
    with st.container(border=True):
        st.caption(desk.say("schemes.decides", count=found["decides"]))
        st.markdown(f"**{fact['ask_th']}**" if desk.lang == "th" else f"**{fact['en']}**")
        if desk.lang != "th":
            st.caption(fact["ask_th"])
        value = _widget(desk, fact)
        if proof := fact[f"proof_{desk.lang}"] or fact["proof_th"]:
            st.caption(desk.say("schemes.proof", proof=proof))
        keep, skip = st.columns(2)
        empty = value is None or value == []
        if keep.button(desk.say("schemes.answer"), type="primary", disabled=empty, width="stretch"):
            st.session_state[FACTS][field] = value
            _again()
        if skip.button(desk.say("schemes.not_known"), width="stretch"):
            st.session_state[SKIPPED].append(field)
            _again()


def _again() -> None:
    """Draw anew with a fresh widget, so that no answer lingers in the next question."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _widget(desk: Desk, fact: dict[str, Any]) -> Any:
    """The answer to the question above it; None while nothing is chosen."""
    key = f"scheme-{fact['field']}-{st.session_state.get(ROUND, 0)}"
    return fact_fields.ask(desk, fact, key, label="collapsed")


def _answers(
    desk: Desk, facts: dict[str, dict[str, Any]], answers: dict[str, Any], skipped: list[str]
) -> None:
    st.subheader(desk.say("schemes.told"))
    if not answers and not skipped:
        st.caption(desk.say("schemes.nothing_told"))
        return
    for field in [*answers, *skipped]:
        words, undo = st.columns([6, 1], vertical_alignment="center")
        shown = fact_fields.in_words(desk, facts[field], answers.get(field))
        words.html(marks.pair(facts[field][desk.lang], shown))
        label = desk.say("schemes.undo", fact=facts[field][desk.lang])
        if undo.button("", key=f"undo-{field}", icon=":material/undo:", help=label):
            answers.pop(field, None)
            skipped[:] = [f for f in skipped if f != field]
            _again()
    if st.button(desk.say("schemes.start_over"), icon=":material/restart_alt:"):
        answers.clear()
        skipped.clear()
        _again()


def _verdicts(
    desk: Desk,
    facts: dict[str, dict[str, Any]],
    screened: list[dict[str, Any]],
    full: dict[str, dict[str, Any]],
) -> None:
    by = {v: [s for s in screened if s["verdict"] == v] for v in VERDICTS}
    names = [f"{desk.say(f'verdict.{v}')} ({len(by[v])})" for v in VERDICTS]
    for tab, verdict in zip(st.tabs(names), VERDICTS, strict=True):
        with tab:
            if not by[verdict]:
                st.caption(desk.say("schemes.none_here"))
            for scheme in by[verdict][:SHOWN_AT_ONCE]:
                _scheme(desk, facts, scheme, full[scheme["id"]])
            if rest := by[verdict][SHOWN_AT_ONCE:]:
                with st.expander(desk.say("schemes.more", count=len(rest))):
                    for scheme in rest:
                        _scheme(desk, facts, scheme, full[scheme["id"]])


def _scheme(
    desk: Desk, facts: dict[str, dict[str, Any]], scheme: dict[str, Any], full: dict[str, Any]
) -> None:
    missing = [facts[f][desk.lang] for f in scheme["missing"] if f in facts]
    with st.container(border=True):
        st.html(scheme_marks.scheme(scheme, full, missing, desk.lang))
