"""“Your view first”: the machine's urgency and risks stay folded until the worker told theirs.

Chosen by each worker for themself. Signs of danger are never folded, nor is a case's place in a
list: nobody may overlook a case. The worker's view is recorded with the urgency the machine had
proposed, so that the two can be compared.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import kept_words
from ui.desk import Desk, kindly
from ui.marks import capital

CHOICE, ON = "own_view", "on"
KIND, ASKED = "own_view", ("risk", "urgency")


def folded(desk: Desk, case: dict[str, Any]) -> bool:
    """Whether the machine's view of this case waits for that of the person who reads it."""
    return bool(case["acts"] and not case.get("own_view") and _wanted(desk))


def setting(desk: Desk) -> None:
    """The switch in the side bar; remembered for the next sign-in."""
    st.toggle(
        desk.say("own_view.setting"),
        value=_wanted(desk),
        key="own_view_toggle",
        help=desk.say("own_view.setting_help"),
        on_change=_remember,
        args=(desk,),
    )


def ask(desk: Desk, case: dict[str, Any]) -> None:
    """The person's own view, where the machine's is folded; then both are open."""
    if not folded(desk, case):
        return
    rules = desk.kept("/entry-forms")["forms"][KIND]["fields"]
    why = f"own_view_why-{case['id']}"
    fields = {why: kept_words.name_of(KIND, case["id"], "why")}
    with st.container(border=True, key=f"own-view-{case['id']}"):
        st.markdown(f"**{desk.say('own_view.title')}**  \n{desk.say('own_view.hint')}")
        given = {name: _choose(desk, name, rules[name], case["id"]) for name in ASKED}
        kept_words.begin(desk, fields)
        words = st.text_area(desk.say("own_view.why"), key=why, height=80).strip()
        kept_words.watch(desk, fields)
        ready = all(given.values())
        if st.button(desk.say("own_view.record"), type="primary", disabled=not ready, key="own_go"):
            _record(desk, case["id"], given | ({"risk_why": words} if words else {}))


def _choose(desk: Desk, name: str, rule: dict[str, Any], case_id: str) -> str | None:
    chosen: str | None = st.segmented_control(
        capital(str(rule["words"][desk.lang])),
        rule["of"],
        format_func=lambda value: str(rule["values"][value][desk.lang]),
        key=f"own-{name}-{case_id}",
    )
    return chosen


def _record(desk: Desk, case_id: str, content: dict[str, Any]) -> None:
    with kindly(desk):
        desk.api.post(f"/cases/{case_id}/entries", {"kind": KIND, "content": content})
        kept_words.forget(desk, KIND, case_id, "")
        st.rerun()


def _wanted(desk: Desk) -> bool:
    return desk.drawer.get(CHOICE) == ON


def _remember(desk: Desk) -> None:
    with kindly(desk):
        desk.keep(CHOICE, ON if st.session_state["own_view_toggle"] else "")
