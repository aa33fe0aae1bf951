"""A half-written entry: its words and choices kept until it is recorded, and given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import streamlit as st

from ui import kept_words
from ui.desk import Desk

WORDS = ("words", "list")
READ = {"day": date.fromisoformat, "hour": time.fromisoformat}


def key_of(case_id: str, kind: str) -> str:
    """What begins the keys of all fields of an entry."""
    return f"entry-{case_id}-{kind}"


def begin(desk: Desk, case_id: str, kind: str, form: Mapping[str, Any]) -> None:
    """Fill the fields, before they are drawn, with what was written and chosen in them."""
    kept_words.begin(desk, _words(case_id, kind, form))
    choices, moments = _choices(case_id, kind, form), _moments(case_id, kind, form)
    told = {f"{key}-told": name for key, name in moments.items()}
    kept_words.choose_again(desk, choices | told, "entry", case_id, kind)
    for key in moments:
        kept = st.session_state.get(f"{key}-told")
        if kept and key not in st.session_state:
            st.session_state[key] = READ[key.rpartition("-")[2]](kept)
    _only_offered(choices, form)


def keep(desk: Desk, case_id: str, kind: str, form: Mapping[str, Any]) -> None:
    """Keep what is chosen, and say how far the words are kept."""
    moments = _moments(case_id, kind, form)
    for key in moments:
        chosen_day = st.session_state.get(f"{key.rpartition('-')[0]}-day")
        value = st.session_state.get(key) if chosen_day else None
        st.session_state[f"{key}-told"] = value.isoformat() if value else None
    told = {f"{key}-told": name for key, name in moments.items()}
    chosen = _choices(case_id, kind, form) | told
    kept_words.keep_choices(desk, chosen, "entry", case_id, kind)
    kept_words.watch(desk, _words(case_id, kind, form))


def forget(desk: Desk, case_id: str, kind: str) -> None:
    """The entry is recorded."""
    kept_words.forget(desk, "entry", case_id, kind, "")


def begun(desk: Desk, case_id: str, kind: str) -> bool:
    """Whether an entry of this kind was begun and not recorded."""
    return kept_words.begun(desk, "entry", case_id, kind, "")


def _words(case_id: str, kind: str, form: Mapping[str, Any]) -> dict[str, str]:
    at = key_of(case_id, kind)
    return {
        f"{at}-{name}": kept_words.name_of("entry", case_id, kind, name)
        for name, rule in form["fields"].items()
        if rule["type"] in WORDS
    }


def _choices(case_id: str, kind: str, form: Mapping[str, Any]) -> dict[str, str]:
    at, kinds = key_of(case_id, kind), (*WORDS, "moment")
    rules = form["fields"].items()
    return {f"{at}-{name}": name for name, rule in rules if rule["type"] not in kinds}


def _moments(case_id: str, kind: str, form: Mapping[str, Any]) -> dict[str, str]:
    at, rules = key_of(case_id, kind), form["fields"].items()
    names = [name for name, rule in rules if rule["type"] == "moment"]
    return {f"{at}-{name}-{part}": f"{name}-{part}" for name in names for part in READ}


def _only_offered(choices: Mapping[str, str], form: Mapping[str, Any]) -> None:
    """Leave out a choice that the form no longer offers."""
    for key, name in choices.items():
        offered = form["fields"][name].get("of")
        if offered and st.session_state.get(key) not in (None, *offered):
            del st.session_state[key]
