"""The people of a case: who plays which part, how they are related, and the household's facts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import (
    case_hold,
    family,
    family_ties,
    household_facts,
    person_adding,
    person_card,
    person_leaving,
)
from ui.desk import Desk
from ui.quiet_ink import quiet
from ui.roles import LEADS


def show(desk: Desk, case: dict[str, Any]) -> None:
    """The household as a graph and in words, then facts with the words they came from."""
    found = desk.api.get(f"/cases/{case['id']}/persons")
    people = [p for p in found["persons"] if not p["erased"]]
    st.subheader(desk.say("people.household"))
    person_leaving.told(desk, case["id"])
    if people:
        told = family.told(people, found["relations"], desk.lang)
        household = family.graph(people, found["relations"], desk.lang, quiet())
        st.graphviz_chart(household, alt=told)
        st.caption(desk.say("people.lines"))
        family_ties.show(desk, case, people, found["relations"])
    else:
        hidden = case["relation"] != "own" and case["narrative"] is None
        st.info(desk.say("people.hidden" if hidden else "people.none"), icon=":material/group:")
    drawn, listed = st.columns([5, 4], gap="large")
    with drawn:
        for person in people:
            person_card.show(desk, case, person)
        if case["acts"]:
            person_adding.show(desk, case["id"], {p["id"] for p in people})
            if desk.me["role"] == LEADS:
                case_hold.show(desk, case)
    with listed:
        st.subheader(desk.say("people.facts"))
        household_facts.show(desk, case)
