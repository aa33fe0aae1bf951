"""What every page stands on: the signed-in person, their language, and refusals said kindly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import marks
from ui.client import COOKIE, Api, Refused
from ui.words import say


@dataclass(frozen=True)
class Desk:
    """One person at work: their API session, who they are, and the language they read."""

    api: Api
    me: dict[str, Any]
    lang: str

    def say(self, key: str, **places: object) -> str:
        """The words for ``key`` in the person's language."""
        return say(key, self.lang, **places)

    def role(self, role: str) -> str:
        """The name of a responsible role."""
        return say(f"duty.{role}", self.lang)


def open_desk() -> Desk:
    """The desk of whoever is signed in; stops the page with a way to sign in when nobody is."""
    api = Api(st.context.cookies.get(COOKIE))
    try:
        me = api.get("/me")
    except Refused as refused:
        _sign_in(refused)
    language = st.session_state.setdefault("lang", me.get("language") or "th")
    return Desk(api, me, language)


def _sign_in(refused: Refused) -> None:
    lang = st.session_state.get("lang", "th")
    if refused.status == 401:
        st.markdown(f"### {say('signin.needed', lang)}")
        st.html(marks.way_in(say("signin.go", lang)))
    else:
        st.error(_words(refused, lang))
        st.button(say("again", lang))
    st.stop()


@contextmanager
def kindly(desk: Desk) -> Iterator[None]:
    """Show what the API refused as one sentence, and keep the page standing."""
    try:
        yield
    except Refused as refused:
        if refused.status == 401:
            _sign_in(refused)
        st.error(_words(refused, desk.lang), icon=":material/error:")


def _words(refused: Refused, lang: str) -> str:
    words = say("ui.unreachable", lang) if refused.status == 0 else refused.say(lang)
    return f"{words}  \n`{refused.code}`"
