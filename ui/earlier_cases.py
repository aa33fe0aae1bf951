"""Cases like a story, shown while it is told: the second case of somebody is not opened unseen.

It never stands in the way: what does not answer in time is left out, and the case can be opened
all the same. What a worker calls another case goes with the new one.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import streamlit as st

from ui import case_doubles, marks
from ui.calendar import moment
from ui.client import Refused
from ui.desk import Desk

SEEN, TYPED = "earlier_seen", "earlier_typed"
FIELDS = ("given_name", "family_name", "citizen_id", "phones")
SHORTEST, PATIENCE_S, LINE = 20, 2.0, 200


def ask(desk: Desk) -> dict[str, Any]:
    """Who may be looked for besides those the story names; empty where nobody was typed."""
    with st.expander(desk.say("earlier.fields"), icon=":material/person_search:"):
        st.caption(desk.say("earlier.fields_hint"))
        columns = st.columns(len(FIELDS))
        said = {
            field: column.text_input(
                desk.say("earlier.phone" if field == "phones" else f"who.{field}"),
                max_chars=LINE,
                key=f"{TYPED}-{field}",
                autocomplete="off",
                persist_state="session",
            ).strip()
            for field, column in zip(FIELDS, columns, strict=True)
        }
    if not any(said.values()):
        return {}
    return said | {"phones": [said["phones"]] if said["phones"] else []}


def show(desk: Desk, words: str, typed: dict[str, Any]) -> None:
    """What may be the same case, asked once for the same words."""
    if len(words.strip()) < SHORTEST and not typed:
        st.session_state.pop(SEEN, None)
        return
    told = {"narrative": words, "identity": typed or None}
    asked = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    if st.session_state.get(SEEN, {}).get("asked") != asked:
        st.session_state[SEEN] = {"asked": asked, **_asked(desk, told)}
    seen = st.session_state[SEEN]
    if refused := seen.get("refused"):
        _unanswered(desk, refused)
    elif seen["cases"] or seen["elsewhere"]:
        _found(desk, seen)
    elif typed:
        st.caption(desk.say("earlier.none"))


def looked() -> dict[str, Any] | None:
    """What was shown before the case is opened, and which of it is another case."""
    seen = st.session_state.get(SEEN, {})
    if not seen.get("check_id"):
        return None
    apart = [c["id"] for c in seen["cases"] if st.session_state.get(_apart(c["id"]))]
    return {"check_id": seen["check_id"], "not_same": apart}


def leave() -> None:
    """Forget it: the case is open."""
    for case in st.session_state.pop(SEEN, {}).get("cases", []):
        st.session_state.pop(_apart(case["id"]), None)
    for field in FIELDS:
        st.session_state.pop(f"{TYPED}-{field}", None)


def _asked(desk: Desk, told: dict[str, Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = desk.api.post("/cases/duplicates", told, wait_s=PATIENCE_S)
    except Refused as refused:
        return {"refused": refused}
    return found


def _unanswered(desk: Desk, refused: Refused) -> None:
    """A number typed wrongly is told; whatever else kept the answer away, the intake goes on."""
    if refused.status in (401, 422):
        desk.refuse(refused)
    else:
        st.caption(desk.say("earlier.no_answer"))


def _found(desk: Desk, seen: dict[str, Any]) -> None:
    with st.container(border=True):
        st.markdown(f"**{desk.say('earlier.title')}**")
        st.caption(desk.say("earlier.hint"))
        for case in seen["cases"]:
            _case(desk, case)
        for agency in seen["elsewhere"]:
            name, people = desk.agency(agency["agency_id"]), ", ".join(agency["contacts"])
            st.caption(desk.say("earlier.elsewhere", agency=name))
            if people:
                st.caption(desk.say("earlier.call", people=people))


def _case(desk: Desk, case: dict[str, Any]) -> None:
    """One case: who of it is alike, why, and how sure it is; opened beside what is being told."""
    about, ways = st.columns([5, 2], vertical_alignment="center")
    with about:
        st.html(_headline(desk, case))
        for person in case["persons"]:
            parts = "".join(marks.chip(desk.say(f"part.{part}")) for part in person["parts"])
            case_doubles.told(desk, person, parts)
    with ways:
        st.link_button(
            desk.say("earlier.open"),
            f"/case?case={case['id']}",
            icon=":material/open_in_new:",
            help=desk.say("earlier.open_help"),
            width="stretch",
        )
        st.checkbox(desk.say("earlier.not_same"), key=_apart(case["id"]))


def _headline(desk: Desk, case: dict[str, Any]) -> str:
    sure = marks.chip(desk.say(f"earlier.band.{case['band']}"), "inferred")
    state = marks.chip(desk.say(f"status.{case['status']}"))
    when = desk.say("cases.received", when=moment(case["received_at"], desk.lang))
    number = case["number"] if case["title"] != case["number"] else ""
    return marks.headline(case["title"], number, sure + state, when)


def _apart(case_id: str) -> str:
    return f"earlier-apart-{case_id}"
