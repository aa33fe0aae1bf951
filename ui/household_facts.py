"""The facts of a household: right, otherwise or not so; and a fact the story did not tell."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import fact_fields, marks, people_marks
from ui.client import Refused
from ui.desk import Desk
from ui.fields import choose
from ui.ordering import ordered

CONFLICT = "fact.conflict"
DECIDED = ("confirmed", "corrected")


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Each fact with its words, then a drawer for one that nobody told."""
    facts = desk.api.get(f"/cases/{case['id']}/facts")
    if not facts:
        st.caption(desk.say("people.no_facts"))
    for fact in facts:
        with st.container(border=True):
            st.html(_fact(desk, fact))
            if case["acts"]:
                _decide(desk, case["id"], fact)
    if case["acts"]:
        _another(desk, case["id"], {fact["field"] for fact in facts})


def _fact(desk: Desk, fact: dict[str, Any]) -> str:
    state = marks.chip(
        desk.say(f"fact.{fact['standing']}"), "rule" if fact["standing"] in DECIDED else "inferred"
    )
    words = " … ".join(f"“{s['text']}”" for s in fact["spans"] if s.get("text"))
    value = fact["value"]
    shown = desk.say("answer.yes" if value else "answer.no") if isinstance(value, bool) else value
    if isinstance(shown, list):
        shown = ", ".join(map(str, shown))
    shown = fact[f"value_{desk.lang}"] or shown
    if shown is None:
        shown = desk.say("fact.nothing")
    return marks.headline(f"{fact[desk.lang]}: {shown}", "", state, words)


def _decide(desk: Desk, case_id: str, fact: dict[str, Any]) -> None:
    field, revision = fact["field"], fact["revision"]
    proposed = fact["standing"] == "proposed"
    asked = {"confirmed": ":material/check:"} if proposed else {}
    if field in vocabulary(desk):
        asked |= {"corrected": ":material/edit:"}
    if fact["standing"] != "removed":
        asked |= {"removed": ":material/close:"}
    with st.container(horizontal=True, gap="small"):
        for act, icon in asked.items():
            if not st.button(desk.say(f"fact.say_{act}"), key=f"fact-{act}-{field}", icon=icon):
                continue
            if act == "corrected":
                st.session_state[_open(case_id)] = {"field": field, "revision": revision}
            else:
                _say(desk, case_id, field, {"decision": act, "value": None, "revision": revision})
    opened = st.session_state.get(_open(case_id)) or {}
    if opened.get("field") == field:
        _otherwise(desk, case_id, opened)


def _otherwise(desk: Desk, case_id: str, opened: dict[str, Any]) -> None:
    """The value that is so instead, under the revision it was read at."""
    field = opened["field"]
    fact = vocabulary(desk)[field]
    value = fact_fields.ask(desk, fact, f"fact-value-{case_id}-{field}")
    value = opened.get("yours") if _empty(value) else value
    with st.container(horizontal=True, gap="small"):
        keep = st.button(
            desk.say("fact.keep"), key=f"fact-keep-{field}", type="primary", disabled=_empty(value)
        )
        if st.button(desk.say("fact.leave"), key=f"fact-leave-{field}"):
            st.session_state.pop(_open(case_id))
            st.rerun(scope="fragment")
    if keep:
        said = {"decision": "corrected", "value": value, "revision": opened["revision"]}
        _say(desk, case_id, field, said)
    if theirs := opened.get("theirs"):
        st.warning(f"{desk.say('clash.told')}  \n`{CONFLICT}`", icon=":material/group:")
        told = fact_fields.in_words(desk, fact, theirs["value"])
        if who := desk.who(theirs["by_name"], theirs["by_agency"]):
            told += f" ({who})"
        row = (fact[desk.lang], told, fact_fields.in_words(desk, fact, value))
        st.html(people_marks.both([row], desk.lang))


def _another(desk: Desk, case_id: str, known: set[str]) -> None:
    """A fact the story did not tell, chosen among all there are."""
    drawer = st.expander(
        desk.say("fact.another"),
        icon=":material/add:",
        key=f"fact-add-{case_id}",
        on_change="rerun",
    )
    if not drawer.open:
        return
    with drawer:
        facts = vocabulary(desk)
        names = {f: str(fact[desk.lang]) for f, fact in facts.items() if f not in known}
        field = choose(desk, "fact.which", ordered(names), key=f"fact-new-{case_id}-{len(known)}")
        if field is None:
            return
        if desk.lang == "th":
            st.caption(facts[field]["ask_th"])
        value = fact_fields.ask(desk, facts[field], f"fact-told-{case_id}-{field}")
        key = f"fact-tell-{case_id}"
        if st.button(desk.say("fact.tell"), key=key, type="primary", disabled=_empty(value)):
            _say(desk, case_id, field, {"decision": "corrected", "value": value, "revision": 0})


def vocabulary(desk: Desk) -> dict[str, fact_fields.Fact]:
    """The facts a person may tell, asked of the API once a session."""
    return fact_fields.askable(desk.kept("/facts"))


def _say(desk: Desk, case_id: str, field: str, said: dict[str, Any]) -> None:
    try:
        desk.api.put(f"/cases/{case_id}/facts/{field}", said)
    except Refused as refused:
        if refused.code != CONFLICT:
            desk.refuse(refused)
            return
        theirs = refused.body["details"]["theirs"]
        opened = {"field": field, "revision": theirs["revision"], "theirs": theirs}
        st.session_state[_open(case_id)] = opened | {"yours": said["value"]}
    else:
        st.session_state.pop(_open(case_id), None)
    st.rerun(scope="fragment")


def _empty(value: Any) -> bool:
    return value is None or value == []


def _open(case_id: str) -> str:
    return f"fact-open-{case_id}"
