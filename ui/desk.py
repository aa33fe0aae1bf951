"""What every page stands on: the signed-in person, their language, and refusals said kindly."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st

from ui import address, frame_marks
from ui.client import COOKIE, Api, Refused
from ui.ordering import ordered
from ui.words import LANGUAGES, say

SHELF, DOOR, DRAWER, READ_AT = "kept_lists", "api", "drawer", "drawer_read_at"
SIGNED_OUT = "signed_out"
FRESH_S = 5.0


@dataclass(frozen=True)
class Desk:
    """One person at work: their API session, who they are, and the language they read."""

    api: Api
    me: dict[str, Any]
    lang: str

    def say(self, key: str, **places: object) -> str:
        """The words for ``key`` in the person's language."""
        return say(key, self.lang, **places)

    def refuse(self, refused: Refused) -> None:
        """Show a refusal as one sentence; a session that has ended leads to the way in."""
        if refused.status == 401:
            turned_away(refused)
        st.error(_words(refused, self.lang), icon=":material/error:")

    def role(self, role: str) -> str:
        """The name of a responsible role."""
        return say(f"duty.{role}", self.lang)

    def kept(self, path: str) -> Any:
        """A list that does not change while somebody works, asked of the API once a session."""
        shelf: dict[str, Any] = st.session_state.setdefault(SHELF, {})
        if path not in shelf:
            shelf[path] = self.api.get(path)
        return shelf[path]

    @property
    def drawer(self) -> dict[str, str]:
        """What the person keeps for themself, as it lay there when this session began."""
        if DRAWER not in st.session_state:
            kept = self.api.get("/me/drawer")
            st.session_state[DRAWER] = {row["name"]: row["content"] for row in kept}
            st.session_state[READ_AT] = time.monotonic()
        drawer: dict[str, str] = st.session_state[DRAWER]
        return drawer

    def drawer_now(self) -> dict[str, str]:
        """The drawer as it lies there now: fields are filled beside what the session knows."""
        if time.monotonic() - st.session_state.get(READ_AT, 0.0) > FRESH_S:
            st.session_state.pop(DRAWER, None)
        return self.drawer

    def keep(self, name: str, content: str) -> None:
        """Put words into the person's drawer; nothing empties it."""
        self.drawer[name] = content
        self.api.put(f"/me/drawer/{name}", {"content": content})

    @property
    def agencies(self) -> dict[str, str]:
        """The names of all agencies by id in dictionary order, the person's own among them."""
        named = {a["id"]: str(a[f"name_{self.lang}"]) for a in self.kept("/agencies")}
        named.setdefault(self.me["agency_id"], str(self.me[f"agency_{self.lang}"]))
        return ordered(named)

    @property
    def code_names(self) -> dict[str, str]:
        """The names of all problem codes in the person's language."""
        return {c["code"]: str(c[f"label_{self.lang}"]) for c in self.kept("/codebook")["codes"]}

    def code_name(self, problem: Mapping[str, Any]) -> str:
        """What a problem is called: in Thai as it was recorded, else as the code book has it."""
        recorded = str(problem["label_th"])
        return recorded if self.lang == "th" else self.code_names.get(problem["code"], recorded)

    def flag_words(self, flag: Mapping[str, Any]) -> tuple[str, str]:
        """A danger sign and what to do at once: in Thai as recorded, else by the code book."""
        told = str(flag["sign_th"]), str(flag["action_th"])
        if self.lang == "th":
            return told
        known = {f["id"]: f for f in self.kept("/codebook")["red_flags"]}.get(flag["id"], {})
        return known.get("sign_en") or told[0], known.get("action_en") or told[1]

    def agency(self, agency_id: str) -> str:
        """The name of an agency; words for one that is not among them."""
        return self.agencies.get(agency_id) or self.say("agency.other")

    def who(self, name: str | None, agency_id: str | None) -> str:
        """Whoever acted, with their agency where it is another one; empty for nobody."""
        if not name or not agency_id or agency_id == self.me["agency_id"]:
            return name or ""
        return f"{name} · {self.agency(agency_id)}"

    def named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row whose ``by_name`` tells the agency, too, where it is another one."""
        return {**row, "by_name": self.who(row.get("by_name"), row.get("by_agency"))}


def open_desk() -> Desk:
    """The desk of whoever is signed in; raises `Refused` when nobody is, or nobody answers."""
    api = _door(st.context.cookies.get(COOKIE))
    me = api.get("/me")
    if st.session_state.get("lang") not in LANGUAGES:
        st.session_state["lang"] = me.get("language") or "th"
    return Desk(api, me, st.session_state["lang"])


def _door(cookie: str | None) -> Api:
    """The session's connection to the API, opened once for each sign-in."""
    known: tuple[str | None, Api] | None = st.session_state.get(DOOR)
    if known is None or known[0] != cookie:
        if known:
            known[1].close()
        known = st.session_state[DOOR] = (cookie, Api(cookie))
        for kept in (SHELF, DRAWER):
            st.session_state.pop(kept, None)
    return known[1]


def turned_away(refused: Refused) -> NoReturn:
    """Stop the page with a way to sign in, or to try again when the API cannot be reached."""
    lang = st.session_state.get("lang", "th")
    if refused.status == 401:
        st.markdown(f"### {say('signin.needed', lang)}")
        to = "" if st.session_state.get(SIGNED_OUT) else address.here()
        st.html(frame_marks.way_in(say("signin.go", lang), to))
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
        desk.refuse(refused)


def _words(refused: Refused, lang: str) -> str:
    words = say("ui.unreachable", lang) if refused.status == 0 else refused.say(lang)
    return f"{words}  \n`{refused.code}`"
