"""A story comes in: write it as it was told, or let it be told aloud, and the case is open."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import streamlit as st

from ui import earlier_cases, intake_consent, kept_words
from ui.cases import open_case
from ui.desk import Desk, kindly
from ui.recording import chosen, leave, told_aloud

LIMIT = 100_000
DRAWER, KEPT, TITLE = "intake", "intake_words", "intake_title"
FORM = "intake_form"
WAYS = ("written", "aloud")


def page() -> None:
    """The intake form. The words are kept as they are written, until the record has them."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("intake.title"))
    st.caption(desk.say("intake.hint"))
    with kindly(desk):
        kept_words.begin(desk, kept_words.INTAKE)
        _form(desk)


def _form(desk: Desk) -> None:
    title = st.text_input(
        desk.say("intake.case_title"),
        max_chars=120,
        key=TITLE,
        help=desk.say("intake.case_title_help"),
        persist_state="session",
    )
    way = st.segmented_control(
        desk.say("intake.way"),
        WAYS,
        key="intake_way",
        required=True,
        default=WAYS[0],
        format_func=lambda way: desk.say(f"intake.{way}"),
    )
    if way == "aloud":
        told_aloud(desk, _fields(desk))
    words = st.text_area(
        desk.say("intake.words"),
        height=360,
        key=KEPT,
        placeholder=desk.say("intake.placeholder"),
        persist_state="session",
    )
    kept_words.watch(desk, kept_words.INTAKE)
    st.caption(desk.say("intake.count", count=f"{len(words):,}", limit=f"{LIMIT:,}"))
    if recordings := chosen():
        st.caption(desk.say("voice.goes_with", count=len(recordings)))
    typed, like = earlier_cases.ask(desk), st.container()
    consent = intake_consent.ask(desk)
    if st.button(desk.say("intake.open"), type="primary", icon=":material/check:"):
        if not words.strip():
            st.error(desk.say("intake.words_needed"), icon=":material/edit:")
            return
        told = {"narrative": words, "title": title or None, "recording_ids": recordings}
        _open(desk, told, consent)
    with like:  # last of all, so that nothing waits for its answer
        earlier_cases.show(desk, words, typed)


def _fields(desk: Desk) -> dict[str, str]:
    """What can be spoken: the story, and with an open consent what the client says of it."""
    spoken = {KEPT: desk.say("intake.words")}
    if st.session_state.get(intake_consent.DRAWER):
        spoken[intake_consent.VIEW] = desk.say("consent.view")
    return spoken


def _open(desk: Desk, told: dict[str, Any], consent: dict[str, Any] | None) -> None:
    with kindly(desk):
        with st.spinner(desk.say("intake.coding")):
            looked = earlier_cases.looked()
            case = desk.api.post("/cases", told | {"looked": looked}, once=_key(told))
        intake_consent.keep(desk, case["id"], consent)
        for key in (*kept_words.INTAKE, FORM):
            st.session_state.pop(key, None)
        leave(all_of_them=True)
        earlier_cases.leave()
        desk.keep(DRAWER, "")
        kept_words.forget(desk, DRAWER, "")
        open_case(case["id"])


def _key(told: dict[str, Any]) -> str:
    """The same form with the same words opens one case, however often it is sent."""
    form = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    return hashlib.sha256(f"{form}{json.dumps(told)}".encode()).hexdigest()
