"""How a case in a trial is worked on: its draft stays folded until the person asks for it.

Nothing of danger is folded: red flags stand above, in every arm. Whoever opens a draft early is
still counted in the arm that was drawn, so nobody has to choose between a trial and a case.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.desk import Desk

FOLDED = ("own_view_first", "no_ai")


def shown(desk: Desk, case: dict[str, Any]) -> bool:
    """Whether the draft is to be shown now; says why not and lets the person open it."""
    view = desk.api.get(f"/cases/{case['id']}/trial")["view"]
    if view not in FOLDED:
        return True
    open_codes = undecided(case)
    with st.container(border=True):
        st.markdown(f"**{desk.say('trial.in_one')}**  \n{desk.say(f'trial.{view}')}")
        if view == "own_view_first" and open_codes:
            st.caption(desk.say("trial.undecided", count=open_codes))
        opened = st.toggle(desk.say("trial.open_draft"), key=f"trial-{case['id']}")
    return bool(opened)


def undecided(case: dict[str, Any]) -> int:
    """How many proposed codes nobody has decided on."""
    decided = {d["code"] for d in case["code_decisions"]}
    return sum(c["code"] not in decided for c in case["coding"]["codes"])
