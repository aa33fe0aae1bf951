"""One case: what was told, what the machine heard in it, and the plan to review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui import (
    approvals,
    case_draft,
    case_head,
    case_letters,
    case_people,
    case_steps,
    case_story,
    case_timeline,
    documents,
    emergency,
    flags,
    intake_consent,
    own_view,
    roles,
)
from ui.desk import Desk, kindly

Part = Callable[[Desk, dict[str, Any]], None]
TABS: dict[str, Part] = {
    "told": case_story.show,
    "plan": case_draft.show,
    "steps": case_steps.show,
    "people": case_people.show,
    "timeline": case_timeline.show,
    "documents": documents.of_case,
    "letters": case_letters.show,
}
ACTS = "own"
PART = "part"


def page() -> None:
    """Draw the file of the case in the address; of its parts the open one alone."""
    desk: Desk = st.session_state["desk"]
    case_id = st.query_params.get("case") or st.session_state.get("case_id")
    if not case_id:
        _nothing_chosen(desk)
        return
    st.query_params["case"] = case_id
    with kindly(desk):
        case = opened(desk, case_id)
        case_head.show(desk, case)
        emergency.banner(desk, case)
        approvals.waiting(desk, case)
        intake_consent.told(desk, case_id)
        dangers = st.container()
        own_view.ask(desk, case)
        for tab, (name, draw) in zip(_tabs(desk, case_id), TABS.items(), strict=True):
            if tab.open:
                st.query_params[PART] = name
                with dangers:
                    flags.show(desk, case, brief=name != "told")
                with tab:
                    _part(desk, case, draw)


def opened(desk: Desk, case_id: str) -> dict[str, Any]:
    """The case as far as this person may read it.

    Beside the API's fields: ``withheld`` names those their profession or agency is not shown,
    ``acts`` says whether they work on it or only read, ``writes`` whether they may add at all: an
    emergency opening and an auditor read.
    """
    case, withheld = desk.api.narrowed(f"/cases/{case_id}")
    unshared = {name for name in ("narrative", "coding") if case[name] is None}
    acts = case["relation"] == ACTS and desk.me["role"] != "auditor"
    writes = roles.writes(case["relation"], desk.me["role"])
    return dict(case, withheld={*withheld, *unshared}, acts=acts, writes=writes)


def _tabs(desk: Desk, case_id: str) -> Sequence[Any]:
    """The parts of the file; at first the one in the address: a refresh comes back to it."""
    names = {name: desk.say(f"case.{name}") for name in TABS}
    key, wanted = f"parts-{case_id}-{desk.lang}", st.query_params.get(PART, "")
    if key not in st.session_state and wanted in names:
        st.session_state[key] = names[wanted]
    return st.tabs(list(names.values()), key=key, on_change="rerun")


@st.fragment
def _part(desk: Desk, case: dict[str, Any], draw: Part) -> None:
    """One part by itself: what is done in it draws it anew, and not the page around it."""
    with kindly(desk):
        draw(desk, case)


def _nothing_chosen(desk: Desk) -> None:
    st.info(desk.say("case.none"), icon=":material/folder_shared:")
    if st.button(desk.say("page.cases"), type="primary", icon=":material/folder_shared:"):
        st.switch_page(st.session_state["pages"]["cases"])
