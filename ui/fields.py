"""Fields the pages ask with: nothing chosen for the person, and words instead of placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

import streamlit as st

from ui.calendar import BANGKOK, today
from ui.desk import Desk

OFFICE_CLOSES = time(16, 30)


def choose(
    desk: Desk, label: str, words: Mapping[str, str], *, key: str, first: bool = False
) -> str | None:
    """One of ``words`` (shown by its value, given by its key), or None while nothing is chosen.

    ``label`` is a key of the words of the pages; ``first`` chooses the first one at the start.
    """
    chosen: str | None = st.selectbox(
        desk.say(label),
        list(words),
        index=0 if first and words else None,
        format_func=lambda name: words.get(name, desk.say("choice.gone")),
        placeholder=desk.say("choice.none" if words else "choice.empty"),
        key=key,
    )
    return chosen


def round_of(name: str, about: str) -> int:
    """How many forms of this kind were sent about something; part of the keys of the next one, so
    that a form stays as it was typed while it is refused, and is empty once it was kept."""
    rounds: dict[str, int] = st.session_state.setdefault(f"rounds-{name}", {})
    return rounds.get(about, 0)


def next_round(name: str, about: str) -> None:
    """The form was kept: the next one is an empty one."""
    number = round_of(name, about) + 1
    st.session_state[f"rounds-{name}"][about] = number


def day_until(desk: Desk, label: str, *, key: str) -> str | None:
    """A day from today on, as the moment the office closes on it; None while none is chosen."""
    chosen: date | None = st.date_input(
        desk.say(label), value=None, min_value=today(), format="DD/MM/YYYY", key=key
    )
    return datetime.combine(chosen, OFFICE_CLOSES, BANGKOK).isoformat() if chosen else None
