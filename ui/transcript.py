"""What was heard, beside the sound: unsure words marked, corrected or confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import kept_words, marks
from ui.desk import Desk, kindly

WORDS = "intake_heard"
SEEN = "intake_heard_revision"
PLACED = "intake_heard_placed"
KEYS = (WORDS, SEEN, PLACED)
SHOWN = 60


def correct(desk: Desk, recording_id: str, fields: Mapping[str, str]) -> bool:
    """Listen, correct and confirm; whether the words were just put into one of the fields."""
    heard = desk.api.get(f"/audio/{recording_id}/transcript")
    if heard["no_speech"]:
        st.html(marks.player(recording_id))
        st.info(desk.say("voice.none"), icon=":material/volume_off:")
        return False
    newest = (recording_id, heard["revision"])
    if st.session_state.get(SEEN) != newest or WORDS not in st.session_state:
        st.session_state[SEEN] = newest
        st.session_state[WORDS] = heard["text"]
    listened, written = st.columns(2, gap="large")
    with listened:
        _listen(desk, heard)
    with written:
        _write(desk, heard, fields)
    return bool(st.session_state.pop(PLACED, None))


def _listen(desk: Desk, heard: dict[str, Any]) -> None:
    segments = heard["segments"]
    chosen = st.selectbox(
        desk.say("voice.from"), range(len(segments)), format_func=lambda i: _line(segments[i])
    )
    st.html(marks.player(heard["recording_id"], segments[chosen or 0]["start"]))
    doubts = [{"start": a, "end": b, "label": "?", "doubt": True} for a, b in _phrases(heard)]
    st.html(marks.story(heard["text"], doubts))
    if doubts:
        st.caption(desk.say("voice.doubts", count=len(doubts)))
    st.caption(desk.say("voice.model", model=heard["model"]))


def _line(segment: dict[str, Any]) -> str:
    unsure = "? " if any(word["doubtful"] for word in segment["words"]) else ""
    return f"{marks.clock(segment['start'])}  {unsure}{segment['text']}"


def _write(desk: Desk, heard: dict[str, Any], fields: Mapping[str, str]) -> None:
    st.text_area(desk.say("voice.words"), height=260, key=WORDS)
    _confirm(desk, heard)
    into = _into(desk, fields)
    st.button(
        desk.say("voice.use", field=fields[into]),
        type="primary",
        icon=":material/south:",
        on_click=_use,
        args=(desk, heard, into),
    )


def _into(desk: Desk, fields: Mapping[str, str]) -> str:
    """The field that takes the words; asked where there are several."""
    first = next(iter(fields))
    if len(fields) == 1:
        return first
    chosen: str = st.segmented_control(
        desk.say("voice.into"),
        list(fields),
        default=first,
        required=True,
        format_func=lambda key: fields.get(key, key),
    )
    return chosen


def _phrases(heard: dict[str, Any]) -> list[tuple[int, int]]:
    """The unconfirmed words, neighbours as one."""
    return marks.joined([(a, b) for a, b in heard["unconfirmed"]], heard["text"])


def _confirm(desk: Desk, heard: dict[str, Any]) -> None:
    """Let a person say which of the unsure words were said so."""
    places, text = _phrases(heard)[:SHOWN], heard["text"]
    if not places:
        return
    st.pills(
        desk.say("voice.confirm"),
        range(len(places)),
        selection_mode="multi",
        format_func=lambda i: text[slice(*places[i])].strip(),
        key=_sure_key(heard),
    )
    st.checkbox(desk.say("voice.confirm_all"), key=f"all-{_sure_key(heard)}")
    st.button(desk.say("voice.keep"), icon=":material/hearing:", on_click=_keep, args=(desk, heard))


def _sure_key(heard: dict[str, Any]) -> str:
    return f"sure-{heard['recording_id']}-{heard['revision']}"


def _keep(desk: Desk, heard: dict[str, Any]) -> None:
    _kept(desk, heard)


def _kept(desk: Desk, heard: dict[str, Any]) -> bool:
    """Keep what the person confirmed, then what they wrote; whether that succeeded."""
    address, text = f"/audio/{heard['recording_id']}/transcript", st.session_state[WORDS]
    places, sure = _phrases(heard), st.session_state.get(_sure_key(heard), [])
    everything = bool(st.session_state.get(f"all-{_sure_key(heard)}"))
    saved: list[str] = []
    with kindly(desk):
        kept = heard
        if sure or everything:
            said = {"confirmed": [places[i] for i in sure], "all_confirmed": everything}
            kept = desk.api.put(
                address, {"text": heard["text"], "revision": heard["revision"]} | said
            )
        if text != kept["text"]:
            kept = desk.api.put(address, {"text": text, "revision": kept["revision"]})
        st.session_state[SEEN] = (heard["recording_id"], kept["revision"])
        saved.append(heard["recording_id"])
    return bool(saved)


def _use(desk: Desk, heard: dict[str, Any], into: str) -> None:
    """Keep the text and put it into the field."""
    if not _kept(desk, heard):
        return
    text = st.session_state[WORDS].strip()
    before = st.session_state.get(into, "").strip()
    if text not in before:
        st.session_state[into] = f"{before}\n\n{text}".strip()
    st.session_state[PLACED] = True
    kept_words.put_field(desk, into, st.session_state[into])
