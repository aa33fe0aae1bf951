"""Votes with their dissent, the decision on this very plan, its tasks, the minutes, the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import conference_marks, conference_minutes, conference_tasks, kept_words
from ui.desk import Desk, kindly
from ui.roles import leads, takes_part, writes

WHOLE = "decision"
VOTES = ("agree", "disagree", "abstain")
OUTCOMES = ("keep_plan", "change_plan", "prepare_closure", "refer")


def votes(desk: Desk, held: dict[str, Any]) -> None:
    """How people voted on the decision, and the person's own vote."""
    cast = [v for v in held["votes"] if v["topic"] == WHOLE]
    st.subheader(desk.say("room.votes", count=len(cast)))
    if cast:
        named = [v | {"voter_name": desk.who(v["voter_name"], v["by_agency"])} for v in cast]
        st.html(conference_marks.votes(named, desk.lang))
    else:
        st.caption(desk.say("room.no_votes"))
    if held["status"] != "open" or not takes_part(held, desk.me["role"]):
        return
    with st.container(border=True):
        vote = st.pills(
            desk.say("room.vote"),
            VOTES,
            key="vote",
            format_func=lambda v: desk.say(f"vote.{v}"),
        )
        why = None
        if vote == "disagree":
            fields = {"dissent": kept_words.name_of("dissent", held["id"])}
            kept_words.begin(desk, fields)
            why = st.text_area(desk.say("room.dissent"), key="dissent", max_chars=2000)
            st.caption(desk.say("room.dissent_hint"))
            kept_words.watch(desk, fields)
        if st.button(desk.say("room.cast"), disabled=vote is None, key="cast"):
            _cast(desk, held["id"], vote, why)


def _cast(desk: Desk, conference_id: str, vote: str | None, why: str | None) -> None:
    with kindly(desk):
        body = {"topic": WHOLE, "vote": vote, "dissent": (why or "").strip() or None}
        desk.api.post(f"/conferences/{conference_id}/votes", body)
        kept_words.forget(desk, "dissent", conference_id)
        for key in ("vote", "dissent"):
            st.session_state.pop(key, None)
        st.rerun()


def show(desk: Desk, held: dict[str, Any], agencies: Mapping[str, str]) -> None:
    """The decision, or the way to it; then its tasks."""
    if held["status"] == "open":
        if leads(held, desk.me["role"]):
            _decide(desk, held, agencies)
        else:
            st.caption(desk.say("room.undecided"))
        return
    st.html(conference_marks.outcome(held, desk.lang))
    may_end = writes(held["relation"], desk.me["role"])
    conference_tasks.show(desk, held["tasks"], agencies, may_end=may_end)


def minutes(desk: Desk, held: dict[str, Any]) -> None:
    """The minutes, and with them the end."""
    leading = leads(held, desk.me["role"])
    if held["status"] == "open":
        st.caption(desk.say("minutes.after"))
        return
    conference_minutes.show(desk, held, may_write=leading and held["status"] == "decided")
    if leading and held["status"] == "decided" and held["minutes"]:
        st.caption(desk.say("room.close_hint"))
        if st.button(desk.say("room.close"), icon=":material/lock:"):
            with kindly(desk):
                desk.api.post(f"/conferences/{held['id']}/close")
                st.rerun()


def _decide(desk: Desk, held: dict[str, Any], agencies: Mapping[str, str]) -> None:
    with st.container(border=True):
        st.caption(desk.say("room.decide_hint"))
        if st.button(
            desk.say("room.renew"), icon=":material/update:", key="renew", type="tertiary"
        ):
            with kindly(desk):
                desk.api.put(f"/conferences/{held['id']}/version", {})
                st.rerun()
        outcome = st.pills(
            desk.say("room.outcome"),
            OUTCOMES,
            key="outcome",
            format_func=lambda o: desk.say(f"outcome.{o}"),
        )
        fields = {"decision_text": kept_words.name_of("decision", held["id"])}
        kept_words.begin(desk, fields)
        text = st.text_area(desk.say("room.decision_text"), key="decision_text", max_chars=5000)
        kept_words.watch(desk, fields)
        tasks = conference_tasks.collect(desk, agencies)
        ready = bool(outcome and text.strip())
        if st.button(desk.say("room.decide"), type="primary", disabled=not ready, key="decide"):
            body = {
                "decision": outcome,
                "text": text.strip(),
                "content_hash": held["version_hash"],
                "tasks": tasks,
            }
            with kindly(desk):
                desk.api.post(f"/conferences/{held['id']}/decision", body)
                conference_tasks.forget()
                kept_words.forget(desk, "decision", held["id"])
                st.rerun()
