"""Thai numerals for those who chose them: in dates, counts and sentences of the pages.

What is quoted (stories, law, case numbers, hotlines) keeps the digits it was written with.
"""

from __future__ import annotations

import re

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

CHOICE, THAI = "numerals", "thai"
FIRST = 0x0E50  # THAI DIGIT ZERO
DIGITS = {ord(str(n)): chr(FIRST + n) for n in range(10)}
PLACE_OR_DIGITS = re.compile(r"\{[^}]*\}|[0-9]+")


def chosen(lang: str) -> bool:
    """Whether this session reads Thai numerals; outside a page nobody does."""
    if lang != "th" or get_script_run_ctx(suppress_warning=True) is None:
        return False
    return bool(st.session_state.get(CHOICE) == THAI)


def thai(words: str) -> str:
    """The words with Thai digits."""
    return words.translate(DIGITS)


def template(words: str) -> str:
    """A template with Thai digits outside its places."""
    return PLACE_OR_DIGITS.sub(lambda m: m[0] if m[0][0] == "{" else thai(m[0]), words)


def value(given: object) -> object:
    """A count with Thai digits; words stay as they are."""
    whole = isinstance(given, int | float) and not isinstance(given, bool)
    return thai(str(given)) if whole else given
