"""Look something up in the law, the schemes and the practice notes; see what of it changed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import hotlines, knowledge_entry, knowledge_marks, knowledge_sets, marks
from ui.cases import open_case
from ui.desk import Desk, kindly

KINDS = ("law", "welfare", "practice", "principle", "document")
MOST = 10
LONGEST = 500  # letters of a question


def page() -> None:
    """A search box and what it finds; beside it problems as a whole, lines, and what changed."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("knowledge.title"))
    search, sets, lines, changed = st.tabs(
        [desk.say(f"knowledge.{tab}") for tab in ("search", "sets", "lines", "changed")],
        key="knowledge_tab",
        on_change="rerun",
    )
    if search.open:
        with search:
            _search(desk)
    if sets.open:
        with sets:
            knowledge_sets.draw(desk)
    if lines.open:
        with lines:
            hotlines.draw(desk)
    if changed.open:
        with changed, kindly(desk):
            _changed(desk, desk.api.get("/knowledge/changes"))


def _search(desk: Desk) -> None:
    query = st.text_input(
        desk.say("knowledge.query"),
        placeholder=desk.say("knowledge.placeholder"),
        key="knowledge_query",
    )
    kind = st.pills(
        desk.say("knowledge.kind"),
        KINDS,
        format_func=lambda k: desk.say(f"kind.{k}"),
        key="knowledge_kind",
    )
    day = st.date_input(
        desk.say("knowledge.as_of"),
        value=None,
        format="DD/MM/YYYY",
        key="knowledge_day",
        help=desk.say("knowledge.as_of_help"),
    )
    if query.strip():
        with kindly(desk):
            asked = {"q": query.strip()[:LONGEST], "k": MOST, "kind": kind}
            found = desk.api.get("/search", **asked, as_of=day.isoformat() if day else None)
            _hits(desk, found["hits"])
    else:
        st.caption(desk.say("knowledge.hint"))


def _hits(desk: Desk, hits: list[dict[str, Any]]) -> None:
    if not hits:
        st.info(desk.say("knowledge.nothing"), icon=":material/search_off:")
    for hit in hits:
        with st.container(border=True):
            st.html(marks.hit(hit, desk.lang) + knowledge_marks.checked(hit, desk.lang))
            if hit["confidence"]:
                knowledge_entry.opener(desk, hit, f"open-{hit['id']}")


def _changed(desk: Desk, lately: dict[str, Any]) -> None:
    st.caption(desk.say("knowledge.version", version=lately["version"][:12]))
    st.subheader(desk.say("knowledge.plans", count=len(lately["plans"])))
    if not lately["plans"]:
        st.caption(desk.say("knowledge.no_plans"))
    for plan in lately["plans"]:
        with st.container(border=True):
            words, way = st.columns([5, 1], vertical_alignment="center")
            words.html(knowledge_marks.plan(plan, desk.lang))
            if way.button(desk.say("cases.open"), key=f"plan-{plan['case_id']}", width="stretch"):
                open_case(plan["case_id"])
    for name in ("in_force", "ended"):
        st.subheader(desk.say(f"knowledge.{name}"))
        st.html(knowledge_marks.dated(lately[name], name, desk.lang))
    st.subheader(desk.say("knowledge.added"))
    st.html(knowledge_marks.added(lately["added"], desk.lang))
