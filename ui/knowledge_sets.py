"""What a problem needs as a whole: law, schemes and practice of a code, and what is missing."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from ui import knowledge_entry, knowledge_marks
from ui.desk import Desk, kindly
from ui.titles import heading

MOST = 5


def draw(desk: Desk) -> None:
    """Choose problems, and read the set of each."""
    with kindly(desk):
        codes = {c["code"]: c for c in desk.kept("/codebook")["codes"]}
        chosen = st.multiselect(
            desk.say("sets.problems"),
            list(codes),
            format_func=lambda c: f"{c} {codes[c][f'label_{desk.lang}']}",
            max_selections=MOST,
            placeholder=desk.say("sets.choose"),
            key="knowledge_problems",
        )
        if not chosen:
            st.caption(desk.say("sets.hint"))
            return
        found = desk.api.get("/evidence", code=chosen)
        for problem in found["problems"]:
            _set(desk, problem, codes[problem["code"]][f"label_{desk.lang}"])


def _set(desk: Desk, problem: dict[str, Any], label: str) -> None:
    st.subheader(f"{problem['code']} {label}")
    if problem["missing"]:
        kinds = ", ".join(desk.say(f"kind.{kind}") for kind in problem["missing"])
        st.warning(desk.say("sets.missing", kinds=kinds), icon=":material/help:")
    for entry in problem["entries"]:
        words, way = st.columns([5, 1], vertical_alignment="center")
        words.html(
            f'<div class="cmis-row"><span>{heading(entry, desk.lang)} '
            f'<small class="cmis-quiet">{escape(entry["id"])}</small></span></div>'
            + knowledge_marks.checked(entry, desk.lang)
        )
        with way:
            knowledge_entry.opener(desk, entry, f"set-{problem['code']}-{entry['id']}")
