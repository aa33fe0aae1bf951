"""The story of a case beside the codes found in it; a person accepts, removes and adds codes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks, more_told, own_view
from ui.desk import Desk, kindly
from ui.fields import choose

MOST_REASONS = 6


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Draw both, or say which of them this person is not shown."""
    case = case | {"code_decisions": _decisions(desk, case)}
    shown, listed = st.columns([3, 2], gap="large")
    with shown:
        st.subheader(desk.say("case.story"))
        _story(desk, case)
    with listed:
        st.subheader(desk.say("case.codes"))
        _codes(desk, case)


def _decisions(desk: Desk, case: dict[str, Any]) -> list[dict[str, Any]]:
    """The decisions on codes, read anew once one was taken in this part of the page."""
    if st.session_state.pop(_fresh(case["id"]), False):
        case["code_decisions"] = desk.api.get(f"/cases/{case['id']}")["code_decisions"]
    decisions: list[dict[str, Any]] = case["code_decisions"]
    return decisions


def _fresh(case_id: str) -> str:
    return f"codes-decided-{case_id}"


def _story(desk: Desk, case: dict[str, Any]) -> None:
    if case["narrative"] is None:
        st.caption(desk.say("withheld.here", part=desk.say("withheld.narrative")))
        return
    story, found = case["narrative"], _story_marks(case)
    first = story["additions"][0]["after"] if story["additions"] else None
    st.html(marks.story(story["text"], found, 0, first))
    more_told.additions(desk, story, found)
    if case["acts"]:
        more_told.ask(desk, case)
    for recording in case["recordings"]:
        st.html(marks.recording(recording["file_name"], recording["seconds"]))
        st.html(marks.player(recording["id"]))


def _story_marks(case: dict[str, Any]) -> list[dict[str, Any]]:
    coding = case["coding"] or {"codes": [], "unsure": [], "red_flags": []}
    decided = {d["code"]: d["decision"] for d in case["code_decisions"]}
    sure, _ = settled(coding, decided)
    codes = [c for c in sure if decided.get(c["code"]) != "removed"]
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
    if case["coding"] is None:
        st.caption(desk.say("withheld.here", part=desk.say("withheld.coding")))
        return
    if not own_view.folded(desk, case):
        st.caption(urgency(desk, case["coding"]))
    for part in case["coding"].get("by_rules_alone", ()):
        st.warning(desk.say(f"case.by_rules_alone.{part}"), icon=":material/rule:")
    decided = {d["code"]: d["decision"] for d in case["code_decisions"]}
    sure, unsure = settled(case["coding"], decided)
    for problem in sure:
        _code(desk, case, problem, decided.get(problem["code"]))
    if unsure:
        st.markdown(f"**{desk.say('case.unsure')}**")
    for problem in unsure:
        _code(desk, case, problem, None)
    _added(desk, case)
    if case["acts"]:
        _add_code(desk, case, decided)


def settled(
    coding: dict[str, Any], decided: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Problems found or decided on, and those still unsure that wait for a decision."""
    taken = [c for c in coding["unsure"] if c["code"] in decided]
    return coding["codes"] + taken, [c for c in coding["unsure"] if c["code"] not in decided]


def standing(coding: dict[str, Any], decided: dict[str, str]) -> set[str]:
    """Codes that stand on the page already, so that nobody adds them once more."""
    proposed = {c["code"] for kind in ("codes", "unsure") for c in coding[kind]}
    return proposed | {code for code, decision in decided.items() if decision != "removed"}


def urgency(desk: Desk, coding: dict[str, Any]) -> str:
    """How soon, and which codes or danger signs decide it."""
    decided = coding["urgency"]
    if desk.lang == "th":
        return str(decided["reason_th"])
    names = {c["code"]: desk.code_name(c) for c in coding["codes"]}
    names |= {f["id"]: desk.flag_words(f)[0] for f in coding["red_flags"]}
    why = "; ".join(names[item] for item in decided["because"][:MOST_REASONS] if item in names)
    level = desk.say(f"urgency.{decided['level']}")
    return f"{level}: {why}" if why else level


def _code(desk: Desk, case: dict[str, Any], problem: dict[str, Any], decision: str | None) -> None:
    code = problem["code"]
    with st.container(border=True):
        st.html(marks.code_line(problem, decision, desk.lang, desk.code_name(problem)))
        if not case["acts"]:
            return
        with st.container(horizontal=True, gap="small"):
            if st.button(
                desk.say("code.accept"),
                key=f"take-{code}",
                icon=":material/check:",
                disabled=decision == "accepted",
            ):
                _decide(desk, case["id"], code, "accepted")
            if st.button(
                desk.say("code.remove"),
                key=f"drop-{code}",
                icon=":material/close:",
                disabled=decision == "removed",
            ):
                _decide(desk, case["id"], code, "removed")


def _added(desk: Desk, case: dict[str, Any]) -> None:
    """Codes people added themselves: nobody proposed them, so they stand below the proposals."""
    proposed = {c["code"] for kind in ("codes", "unsure") for c in case["coding"][kind]}
    book = desk.code_names
    for decision in case["code_decisions"]:
        code = decision["code"]
        if decision["decision"] == "removed" or code in proposed:
            continue
        with st.container(border=True):
            words = desk.say("code.added")
            who = desk.named(decision)["by_name"]
            by = desk.say("code.by", name=who) if who else ""
            st.html(marks.headline(book.get(code, code), code, marks.chip(words, "rule"), by))
            undo = case["acts"] and st.button(
                desk.say("code.undo"), key=f"drop-{code}", icon=":material/undo:"
            )
            if undo:
                _decide(desk, case["id"], code, "removed")


def _decide(desk: Desk, case_id: str, code: str, decision: str) -> None:
    with kindly(desk):
        desk.api.post(f"/cases/{case_id}/codes", {"code": code, "decision": decision})
        st.session_state[_fresh(case_id)] = True
        st.rerun(scope="fragment")


def _add_code(desk: Desk, case: dict[str, Any], decided: dict[str, str]) -> None:
    book = desk.code_names
    present = standing(case["coding"], decided)
    choices = {c: f"{c} {book[c]}" for c in book if c not in present}
    chosen = choose(desk, "code.add", choices, key=f"add-code-{case['id']}-{len(decided)}")
    if chosen and st.button(desk.say("code.add_this"), icon=":material/add:"):
        _decide(desk, case["id"], chosen, "added")
