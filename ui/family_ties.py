"""How the people of a case are related, in words; the machine's proposals are decided here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import family, marks, people_marks
from ui.desk import Desk, kindly
from ui.fields import choose
from ui.ordering import ordered
from ui.words import catalogue

HOMES = ("yes", "no", "unknown")
KIN = "kin."
Rows = list[dict[str, Any]]


def show(desk: Desk, case: dict[str, Any], people: Rows, ties: Rows) -> None:
    """A drawer with every tie; for who works on the case with what may be said of it."""
    named = {p["id"]: family.name(p, desk.lang) for p in people}
    ties = [t for t in ties if {t["person_id"], t["relative_id"]} <= named.keys()]
    if not ties and not (case["acts"] and len(people) > 1):
        return
    waiting = sum(t["standing"] == "proposed" for t in ties)
    if waiting:
        st.caption(desk.say("ties.waiting", count=waiting))
    drawer = st.expander(
        desk.say("ties.title"),
        icon=":material/family_restroom:",
        key=f"ties-{case['id']}",
        on_change="rerun",
    )
    if not drawer.open:
        return
    with drawer:
        for tie in ties:
            _tie(desk, case, tie, named)
        if case["acts"] and len(people) > 1:
            _add(desk, case["id"], named, len(ties))


def _tie(desk: Desk, case: dict[str, Any], tie: dict[str, Any], named: dict[str, str]) -> None:
    one, other = named[tie["person_id"]], named[tie["relative_id"]]
    sentence = desk.say("people.tie", one=one, kin=family.kin(tie, desk.lang), other=other)
    decided = tie["standing"] == "confirmed"
    chips = marks.chip(desk.say(f"home.{tie['lives_with']}"))
    chips += marks.chip(desk.say(f"fact.{tie['standing']}"), "rule" if decided else "inferred")
    story = (case["narrative"] or {}).get("text")
    words = people_marks.quoted(story, tie["spans"])
    with st.container(border=True):
        st.html(people_marks.line(chips, words, sentence))
        if case["acts"]:
            _decide(desk, case["id"], tie)


def _decide(desk: Desk, case_id: str, tie: dict[str, Any]) -> None:
    opened = f"tie-open-{case_id}"
    decided = tie["standing"] == "confirmed"
    with st.container(horizontal=True, gap="small"):
        if not decided and _press(desk, "confirmed", tie, ":material/check:"):
            _say(desk, case_id, tie["id"], {"standing": "confirmed"})
        if _press(desk, "corrected", tie, ":material/edit:"):
            st.session_state[opened] = tie["id"]
        if _press(desk, "removed", tie, ":material/close:"):
            _say(desk, case_id, tie["id"], {"standing": "removed"})
    if st.session_state.get(opened) == tie["id"]:
        _otherwise(desk, case_id, tie, opened)


def _press(desk: Desk, act: str, tie: dict[str, Any], icon: str) -> bool:
    key = f"tie-{act}-{tie['id']}"
    return bool(st.button(desk.say(f"fact.say_{act}"), key=key, icon=icon))


def _otherwise(desk: Desk, case_id: str, tie: dict[str, Any], opened: str) -> None:
    with st.form(f"tie-form-{tie['id']}", border=False):
        key = f"tie-kin-{tie['id']}"
        kinship = choose(desk, "ties.kin_instead", kinships(desk.lang), key=key)
        home = _home(desk, f"tie-home-{tie['id']}", tie["lives_with"])
        if st.form_submit_button(desk.say("fact.keep"), type="primary"):
            said = {"standing": "confirmed", "kinship": kinship, "lives_with": home}
            st.session_state.pop(opened)
            _say(desk, case_id, tie["id"], said)


def _add(desk: Desk, case_id: str, named: dict[str, str], number: int) -> None:
    st.markdown(f"**{desk.say('ties.add')}**")
    with st.form(f"tie-new-{case_id}-{number}", border=False):
        key = f"tie-new-{case_id}-{number}"
        one = choose(desk, "ties.one", named, key=f"{key}-one")
        kinship = choose(desk, "ties.kin", kinships(desk.lang), key=f"{key}-kin")
        other = choose(desk, "ties.other", named, key=f"{key}-other")
        home = _home(desk, f"{key}-home", "unknown")
        sent = st.form_submit_button(desk.say("ties.add_this"), icon=":material/add:")
    if not sent:
        return
    if not (one and other and kinship):
        st.error(desk.say("ties.needed"), icon=":material/edit:")
        return
    with kindly(desk):
        body = {"person_id": one, "relative_id": other, "kinship": kinship, "lives_with": home}
        desk.api.post(f"/cases/{case_id}/relations", body)
        st.rerun(scope="fragment")


def kinships(lang: str) -> dict[str, str]:
    """What one may be to another, in dictionary order; two that are one word are offered once."""
    words = {key: said for key, said in catalogue(lang).items() if key.startswith(KIN)}
    once = {said: key.removeprefix(KIN) for key, said in reversed(words.items())}
    return ordered({kinship: said for said, kinship in once.items()})


def _home(desk: Desk, key: str, stands: str) -> str:
    home: str = st.radio(
        desk.say("ties.home"),
        HOMES,
        index=HOMES.index(stands),
        format_func=lambda said: desk.say(f"home.{said}"),
        horizontal=True,
        key=key,
    )
    return home


def _say(desk: Desk, case_id: str, tie_id: str, said: dict[str, Any]) -> None:
    with kindly(desk):
        desk.api.patch(f"/cases/{case_id}/relations/{tie_id}", said)
        st.rerun(scope="fragment")
