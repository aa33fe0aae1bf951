"""Words kept while they are written: given back after a refresh, an ended session or a lost line.

The script of the pages sends each field to the person's own drawer as it is typed into
(``keys.js``); here a field is begun with what lies there, and taken out once the record has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from ui import frame_marks
from ui.client import Refused
from ui.desk import Desk

BEGINS = "written"
BACK, NAMES = "words_came_back", "words_kept_under"
CHOSEN = ".chosen"
INTAKE = {
    "intake_words": "intake",
    "intake_title": "written-intake-title",
    "consent_subject": "written-intake-subject",
    "consent_view": "written-intake-view",
}


def name_of(*parts: object) -> str:
    """The name in the drawer of a field, from what it belongs to."""
    told = "-".join(re.sub(r"[^A-Za-z0-9_.]", "-", str(part)) for part in parts)
    return f"{BEGINS}-{told}"[:200]


def begin(desk: Desk, fields: Mapping[str, str], first: Mapping[str, str] | None = None) -> None:
    """Give fields that are drawn for the first time what was kept of them.

    ``fields``: the key of each and its name in the drawer; ``first``: what a field holds where
    nothing was kept.
    """
    _named().update(fields)
    new = [key for key in fields if key not in st.session_state]
    if not new:
        return
    lies = desk.drawer_now()
    for key in new:
        words = lies.get(fields[key]) or (first or {}).get(key)
        if words:
            st.session_state[key] = words
        if lies.get(fields[key]):
            _back().add(fields[key])


def watch(desk: Desk, fields: Mapping[str, str]) -> None:
    """The line under a form that says whether what is being written in it is kept yet."""
    came_back = not _back().isdisjoint(fields.values())
    words = desk.say("kept.back" if came_back else "kept.hint")
    classes = {re.sub(r"[^a-zA-Z0-9_-]", "-", key): name for key, name in fields.items()}
    st.html(frame_marks.kept(words, json.dumps(classes)))


def put(desk: Desk, name: str, words: str) -> None:
    """Keep words that came into a field otherwise than by typing; a refusal loses nothing."""
    with suppress(Refused):
        desk.keep(name, words)


def put_field(desk: Desk, key: str, words: str) -> None:
    """The same by the key of a field that was begun; any other is not kept."""
    if key in _named():
        put(desk, _named()[key], words)


def forget(desk: Desk, *parts: object) -> None:
    """The record has the words of a form: its fields, whose names begin so, leave the drawer."""
    begins = name_of(*parts)
    for name in [n for n in desk.drawer if n.startswith(begins)]:
        del desk.drawer[name]
    _back().difference_update({n for n in _back() if n.startswith(begins)})
    with suppress(Refused):
        desk.api.delete(f"/me/drawer/{begins}")


def begun(desk: Desk, *parts: object) -> bool:
    """Whether words of a form whose names begin so lie in the drawer."""
    begins = name_of(*parts)
    return any(name.startswith(begins) for name in desk.drawer_now())


def choose_again(desk: Desk, fields: Mapping[str, str], *parts: object) -> None:
    """Choose what was chosen beside the words; ``fields``: the key of each and its short name."""
    new = [key for key in fields if key not in st.session_state]
    if not new:
        return
    kept: dict[str, Any] = {}
    with suppress(ValueError):
        kept = json.loads(desk.drawer_now().get(name_of(*parts, CHOSEN)) or "{}")
    for key in new:
        if fields[key] in kept:
            st.session_state[key] = kept[fields[key]]


def keep_choices(desk: Desk, fields: Mapping[str, str], *parts: object) -> None:
    """Keep what is chosen beside the words, where it changed."""
    chosen = {name: st.session_state.get(key) for key, name in fields.items()}
    some = {n: v for n, v in chosen.items() if v not in (None, "", []) and v is not False}
    told, name = json.dumps(some, sort_keys=True) if some else "", name_of(*parts, CHOSEN)
    if told != desk.drawer.get(name, ""):
        put(desk, name, told)


def _named() -> dict[str, str]:
    names: dict[str, str] = st.session_state.setdefault(NAMES, {})
    return names


def _back() -> set[str]:
    names: set[str] = st.session_state.setdefault(BACK, set())
    return names
