"""The minutes: begun from the record, written over what was last seen, never over a colleague's."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import conference_marks, kept_words
from ui.calendar import day, moment
from ui.client import Refused
from ui.desk import Desk

KEY = "minutes_text"
SEEN = "minutes_seen"


def show(desk: Desk, held: dict[str, Any], *, may_write: bool) -> None:
    """The minutes, to read or to write."""
    if not may_write:
        st.html(conference_marks.written(held["minutes"] or desk.say("minutes.none")))
        return
    if st.session_state.get(f"{SEEN}-of") != held["id"] or KEY not in st.session_state:
        _begin(desk, held)
    st.text_area(desk.say("minutes.text"), key=KEY, height=260, max_chars=50_000)
    kept_words.watch(desk, {KEY: _name(held["id"], st.session_state[f"{SEEN}-hash"])})
    if theirs := st.session_state.get(f"{SEEN}-theirs"):
        st.warning(desk.say("minutes.theirs"), icon=":material/group:")
        st.html(conference_marks.written(theirs))
    if st.button(desk.say("minutes.save"), icon=":material/save:", key="minutes_save"):
        _save(desk, held["id"])


def _begin(desk: Desk, held: dict[str, Any]) -> None:
    st.session_state[f"{SEEN}-of"] = held["id"]
    st.session_state[f"{SEEN}-hash"] = held["minutes_hash"]
    st.session_state.pop(f"{SEEN}-theirs", None)
    st.session_state[KEY] = held["minutes"] or begun(desk, held)
    _bring_back(desk, held)


def _bring_back(desk: Desk, held: dict[str, Any]) -> None:
    """Minutes written and not saved; where a colleague saved theirs since, both stand there."""
    begins = kept_words.name_of("minutes", held["id"], "")
    kept = {n: words for n, words in desk.drawer_now().items() if n.startswith(begins)}
    if not kept:
        return
    now = _name(held["id"], held["minutes_hash"])
    st.session_state[KEY] = kept.get(now) or next(iter(kept.values()))
    if now not in kept and held["minutes"]:
        st.session_state[f"{SEEN}-theirs"] = held["minutes"]


def _name(conference_id: str, seen: str | None) -> str:
    """The name in the drawer of minutes written over those last seen."""
    return kept_words.name_of("minutes", conference_id, (seen or "new")[:16])


def _save(desk: Desk, conference_id: str) -> None:
    text = st.session_state[KEY].strip()
    if not text:
        return
    body = {"text": text, "before": st.session_state[f"{SEEN}-hash"]}
    try:
        kept = desk.api.put(f"/conferences/{conference_id}/minutes", body)
    except Refused as refused:
        desk.refuse(refused)
        theirs = (refused.body.get("details") or {}).get("theirs")
        if theirs:  # both texts stay on the page; saving again is then a choice
            st.session_state[f"{SEEN}-hash"] = theirs["minutes_hash"]
            st.session_state[f"{SEEN}-theirs"] = theirs["minutes"]
            st.html(conference_marks.written(theirs["minutes"]))
        return
    st.session_state[f"{SEEN}-hash"] = kept["minutes_hash"]
    st.session_state.pop(f"{SEEN}-theirs", None)
    kept_words.forget(desk, "minutes", conference_id, "")
    st.toast(desk.say("minutes.saved"), icon=":material/check:")
    st.rerun()


def begun(desk: Desk, held: dict[str, Any]) -> str:
    """A first text from what the room keeps: who came, what was asked, decided and disputed."""
    present = [m["name"] for m in held["members"] if not m["withdrawn_at"]]
    against = [v for v in held["votes"] if v["vote"] == "disagree"]
    said = {p["topic"] for p in held["posts"]}
    lines = [
        desk.say("minutes.met", number=held["number"], when=moment(held["meets_at"], desk.lang)),
        desk.say("minutes.present", names=", ".join(present) or "–"),
        *(desk.say("minutes.asked", text=i["text"]) for i in held["agenda"] if i["id"] in said),
        *(f"- {p['written_name']}: {p['text']}" for p in held["posts"]),
        desk.say("minutes.decided", text=held["decision_text"] or ""),
        *(desk.say("minutes.dissent", name=v["voter_name"], why=v["dissent"]) for v in against),
        *(
            desk.say("minutes.task", text=t["text"], when=day(t["due"], desk.lang))
            for t in held["tasks"]
        ),
    ]
    return "\n".join(lines)
