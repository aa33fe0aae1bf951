"""More was told: a call, a visit, a neighbour, added to the story of a case already open."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import streamlit as st

from ui import entry_fields, fields, kept_words, marks, recording
from ui.calendar import moment
from ui.client import Refused
from ui.desk import Desk

FORM, MET = "more_told", "story_met"
CHANGED = "case.story_changed"
WAYS = ("written", "aloud")


def ask(desk: Desk, case: dict[str, Any]) -> None:
    """The form, closed until opened; open where somebody's words lie in it."""
    at, met = case["id"], f"{MET}-{case['id']}"
    drawer = st.expander(
        f"**{desk.say('story.more')}**",
        expanded=bool(st.session_state.get(met)) or kept_words.begun(desk, FORM, at, ""),
        icon=":material/add_comment:",
        key=f"{FORM}-{at}-{fields.round_of(FORM, at)}",
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            if st.session_state.pop(met, False):
                st.warning(desk.say("story.changed"), icon=":material/group:")
            _form(desk, case)


def additions(desk: Desk, story: dict[str, Any], found: list[dict[str, Any]]) -> None:
    """Each addition under its day, with who told and who wrote it."""
    for one in story["additions"]:
        when = moment(one["told_at"] or one["at"], desk.lang)
        who = desk.named(one)["by_name"]
        by = desk.say("story.written_by", name=who) if who else ""
        below = " · ".join(part for part in (one["source"], by) if part)
        st.html(marks.headline(desk.say("story.more_told"), when, "", below))
        st.html(marks.story(story["text"], found, one["start"], one["end"]))


def _form(desk: Desk, case: dict[str, Any]) -> None:
    at = case["id"]
    words, source = _keys(at)
    kept = _names(at)
    kept_words.begin(desk, kept)
    st.caption(desk.say("intake.hint"))
    way = st.segmented_control(
        desk.say("intake.way"),
        WAYS,
        key=f"{FORM}-way-{at}",
        required=True,
        default=WAYS[0],
        format_func=lambda way: desk.say(f"intake.{way}"),
    )
    if way == "aloud":
        recording.told_aloud(desk, {words: desk.say("story.more")}, at)
    told = st.text_area(desk.say("story.words"), height=200, key=words)
    by = st.text_input(desk.say("story.source"), max_chars=200, key=source)
    rule = {"words": {desk.lang: desk.say("story.told_at")}, "optional": True}
    when = entry_fields.ASK["moment"](desk, rule, f"{FORM}-when-{at}")
    kept_words.watch(desk, kept)
    sounds = recording.chosen(at)
    if sounds:
        st.caption(desk.say("voice.goes_with", count=len(sounds)))
    if st.button(desk.say("story.add"), type="primary", icon=":material/check:", key=f"add-{at}"):
        if not told.strip():
            st.error(desk.say("story.words_needed"), icon=":material/edit:")
            return
        body = {"narrative": told, "source": by, "told_at": when, "recording_ids": sounds}
        _add(desk, at, body | {"base": st.session_state.get(_seen(at), case["narrative"]["id"])})
    st.session_state[_seen(at)] = case["narrative"]["id"]


def _add(desk: Desk, at: str, body: dict[str, Any]) -> None:
    """Keep it; where a colleague was first, show what they added beside these words."""
    try:
        with st.spinner(desk.say("intake.coding")):
            desk.api.post(f"/cases/{at}/story", body, once=_once(at, body))
    except Refused as refused:
        if refused.code != CHANGED:
            desk.refuse(refused)
            return
        st.session_state[f"{MET}-{at}"] = True
    else:
        for key in (*_keys(at), _form_key(at), _seen(at)):
            st.session_state.pop(key, None)
        entry_fields.forget(f"{FORM}-when-{at}")
        recording.leave(all_of_them=True)
        kept_words.forget(desk, FORM, at, "")
        fields.next_round(FORM, at)
        st.toast(desk.say("story.added"), icon=":material/check:")
    st.rerun()


def _keys(case_id: str) -> tuple[str, str]:
    return f"{FORM}-words-{case_id}", f"{FORM}-source-{case_id}"


def _names(case_id: str) -> dict[str, str]:
    parts = ("words", "source")
    named = (kept_words.name_of(FORM, case_id, part) for part in parts)
    return dict(zip(_keys(case_id), named, strict=True))


def _seen(case_id: str) -> str:
    """Where the story that stood on the screen is noted: a page read anew shows it only after."""
    return f"{FORM}-seen-{case_id}"


def _form_key(case_id: str) -> str:
    return f"{FORM}-form-{case_id}"


def _once(case_id: str, body: dict[str, Any]) -> str:
    """The same form with the same words adds once, however often it is sent."""
    form = st.session_state.setdefault(_form_key(case_id), uuid.uuid4().hex)
    return hashlib.sha256(f"{form}{json.dumps(body)}".encode()).hexdigest()
