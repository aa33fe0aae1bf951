"""A story told aloud: recorded or sent, and watched while it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import marks, transcript
from ui.calendar import moment
from ui.client import Refused
from ui.desk import Desk, kindly

CHOSEN = "intake_recording"
USED = "intake_recordings_used"
TRIED = "intake_sound_tried"
INTAKE, PLACE, SHELF = "intake", "recording_place", "recordings_elsewhere"
OWN = (CHOSEN, USED, TRIED, transcript.WORDS, transcript.SEEN)
POLL_S = 1.5
ENDED = ("done", "failed")
WAITING_SHOWN = 5
AGAIN = ":material/replay:"


def told_aloud(desk: Desk, fields: Mapping[str, str], place: str = INTAKE) -> None:
    """The part of a form for recordings; ``place`` is whose they are: the intake's, or a case's.

    Corrected text is put into one of ``fields`` (a key of the session: its name in words), chosen
    where there are several, before the page draws that field.
    """
    _turn_to(place)
    with st.container(border=True):
        if CHOSEN not in st.session_state:
            _bring(desk)
        else:
            _work(desk, st.session_state[CHOSEN], fields)


def chosen(place: str = INTAKE) -> list[str]:
    """The recordings that go with the story: those whose words it took, and the one at hand."""
    _turn_to(place)
    at_hand = [st.session_state[CHOSEN]] if CHOSEN in st.session_state else []
    return list(dict.fromkeys([*st.session_state.get(USED, []), *at_hand]))


def leave(*, all_of_them: bool = False) -> None:
    """Put the recording at hand aside; the record keeps it."""
    for key in (CHOSEN, *transcript.KEYS, *([USED, TRIED] if all_of_them else [])):
        st.session_state.pop(key, None)


def _turn_to(place: str) -> None:
    """Have the recordings of this place at hand; those of the place before wait for it."""
    before = st.session_state.get(PLACE, INTAKE)
    if before == place:
        return
    shelf: dict[str, dict[str, Any]] = st.session_state.setdefault(SHELF, {})
    shelf[before] = {key: st.session_state.pop(key) for key in OWN if key in st.session_state}
    st.session_state.update(shelf.pop(place, {}))
    st.session_state[PLACE] = place


def _bring(desk: Desk) -> None:
    with kindly(desk):
        kept = desk.api.get("/audio")
        limits = kept["limits"]
        st.caption(
            desk.say(
                "voice.hint",
                kinds=", ".join(limits["kinds"]),
                minutes=f"{limits['minutes']:g}",
                megabytes=f"{limits['megabytes']:g}",
            )
        )
        spoken = st.audio_input(desk.say("voice.record"), key="intake_microphone")
        sent = st.file_uploader(
            desk.say("voice.upload"), type=limits["kinds"], key="intake_sound_file"
        )
        for file in (spoken, sent):
            if file is not None:
                _send(desk, file)
        _waiting(desk, kept["items"])


def _send(desk: Desk, file: Any) -> None:
    """Send a file once; why it was refused stays until the file is taken away."""
    tried: dict[str, Refused] = st.session_state.setdefault(TRIED, {})
    if file.file_id not in tried:
        try:
            with st.spinner(desk.say("voice.sending")):
                kept = desk.api.send("/audio", file.name, file)
        except Refused as refused:
            tried[file.file_id] = refused
        else:
            st.session_state[CHOSEN] = kept["id"]
            st.rerun()
    _say_why(desk, file.file_id, tried)


def _say_why(desk: Desk, file_id: str, tried: dict[str, Refused]) -> None:
    why = tried[file_id]
    desk.refuse(why)
    passing = not why.status or why.status >= 500
    if passing and st.button(desk.say("again"), key=f"again-{file_id}", icon=AGAIN):
        del tried[file_id]
        st.rerun()


def _waiting(desk: Desk, kept: list[dict[str, Any]]) -> None:
    """Recordings kept earlier that no case was opened from: nothing told is lost."""
    waiting = [k for k in kept if k["id"] not in st.session_state.get(USED, [])]
    if waiting:
        st.caption(desk.say("voice.waiting"))
    for one in waiting[:WAITING_SHOWN]:
        label = f"{moment(one['created_at'], desk.lang)} · {one['file_name']}"
        if st.button(label, key=f"go-on-{one['id']}", icon=":material/graphic_eq:"):
            st.session_state[CHOSEN] = one["id"]
            st.rerun()


def _work(desk: Desk, recording_id: str, fields: Mapping[str, str]) -> None:
    with kindly(desk):
        kept = desk.api.get(f"/audio/{recording_id}")
        run = kept["transcription"]
        st.html(marks.recording(kept["file_name"], kept["seconds"]))
        if run["status"] not in ENDED:
            st.html(marks.player(recording_id))
            _progress(desk, recording_id)
        elif run["status"] == "failed":
            st.html(marks.player(recording_id))
            _failed(desk, recording_id, run["error_code"])
        elif transcript.correct(desk, recording_id, fields):
            st.session_state.setdefault(USED, []).append(recording_id)
    if st.button(desk.say("voice.other"), icon=":material/undo:", type="tertiary"):
        leave()
        st.rerun()


@st.fragment(run_every=POLL_S)
def _progress(desk: Desk, recording_id: str) -> None:
    with kindly(desk):
        run = desk.api.get(f"/audio/{recording_id}")["transcription"]
        if run["status"] in ENDED:
            st.rerun()
        words = desk.say(f"voice.{run['status']}", percent=f"{run['percent']:.0f}")
        st.progress(min(1.0, run["percent"] / 100), text=words)


def _failed(desk: Desk, recording_id: str, code: str) -> None:
    st.error(desk.say("voice.failed", code=code), icon=":material/error:")
    if st.button(desk.say("again"), icon=AGAIN):
        desk.api.post(f"/audio/{recording_id}/transcription")
        st.rerun()
