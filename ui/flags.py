"""Red flags of a case: what to do at once, and whether a person found the words to be so."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import marks
from ui.desk import Desk, kindly

DECISIONS = {"confirmed": ":material/hearing:", "misheard": ":material/hearing_disabled:"}


def show(desk: Desk, case: dict[str, Any], *, brief: bool = False) -> None:
    """Every flag raised, close together; one that is less than sure asks a person below it.

    ``brief``: beside a part that says itself what to do, a flag that is sure takes one line, one
    that is not its words.
    """
    if not case["coding"]:
        return
    decided = {d["flag"]: d for d in case["flag_decisions"]}
    sure: list[str] = []
    asking: list[dict[str, Any]] = []
    for flag in case["coding"]["red_flags"]:
        decision = decided.get(flag["id"])
        if flag["to_confirm"] and decision is None:
            asking.append(flag)
        else:
            sure.append(_line(desk, flag, decision) if brief else _alert(desk, flag, decision))
    if sure:
        st.html(marks.alert_lines(sure) if brief else "".join(sure))
    for flag in asking:
        with st.container(gap="xsmall"):
            st.html(_asked(desk, flag) if brief else _alert(desk, flag, None))
            if case["acts"]:
                _ask(desk, case["id"], flag["id"])


def _alert(desk: Desk, flag: dict[str, Any], decision: dict[str, Any] | None) -> str:
    after = f"{_words(flag)} · {_hotlines(desk, flag)} · {flag['id']}"
    doubted = flag["to_confirm"] and decision is None
    badge = _badge(desk, flag, decision)
    return marks.alert(*desk.flag_words(flag), after, badge, doubted=doubted)


def _line(desk: Desk, flag: dict[str, Any], decision: dict[str, Any] | None) -> str:
    sign, _ = desk.flag_words(flag)
    return marks.alert_line(sign, _hotlines(desk, flag), _badge(desk, flag, decision))


def _asked(desk: Desk, flag: dict[str, Any]) -> str:
    sign, _ = desk.flag_words(flag)
    return marks.alert(sign, _words(flag), "", _badge(desk, flag, None), doubted=True)


def _words(flag: dict[str, Any]) -> str:
    return " · ".join(f"“{s['text']}”" for s in flag["spans"])


def _hotlines(desk: Desk, flag: dict[str, Any]) -> str:
    return desk.say("flag.hotlines", numbers=", ".join(flag["hotlines"]))


def _badge(desk: Desk, flag: dict[str, Any], decision: dict[str, Any] | None) -> str:
    if not flag["to_confirm"]:
        return ""
    state = decision["decision"] if decision else "to_confirm"
    by = desk.named(decision or {})["by_name"]
    return marks.chip(desk.say(f"flag.{state}", by=by), "rule" if decision else "inferred")


def _ask(desk: Desk, case_id: str, flag_id: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for decision, icon in DECISIONS.items():
            if st.button(desk.say(f"flag.say_{decision}"), key=f"{decision}-{flag_id}", icon=icon):
                with kindly(desk):
                    body = {"flag": flag_id, "decision": decision}
                    desk.api.post(f"/cases/{case_id}/flags", body)
                    st.rerun()
