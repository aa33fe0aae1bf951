"""The frame: style, who is signed in, language, navigation. Served by ``cmis serve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui import (
    address,
    administration,
    begin,
    case_file,
    cases,
    conference,
    deadlines,
    documents,
    keyboard,
    knowledge,
    new_intake,
    notices,
    numerals,
    overview,
    own_password,
    own_view,
    referrals,
    research,
    schemes,
    today,
    tour,
)
from ui.client import Refused
from ui.desk import SIGNED_OUT, Desk, kindly, open_desk, turned_away
from ui.marks import capital
from ui.roles import INVITED, WORKERS
from ui.words import LANGUAGES, say

STYLE = Path(__file__).with_name("style.css")

PAGES = {
    "today": (today.page, "today"),
    "cases": (cases.page, "folder_shared"),
    "intake": (new_intake.page, "edit_note"),
    "case": (case_file.page, "description"),
    "overview": (overview.page, "insights"),
    "deadlines": (deadlines.page, "event_upcoming"),
    "conference": (conference.page, "groups"),
    "documents": (documents.page, "folder_open"),
    "referrals": (referrals.page, "forward_to_inbox"),
    "schemes": (schemes.page, "volunteer_activism"),
    "knowledge": (knowledge.page, "menu_book"),
    "research": (research.page, "science"),
    "admin": (administration.page, "admin_panel_settings"),
}
FIRST = {"researcher": "research", "administrator": "admin"}
CASEWORK = INVITED | {"auditor"}
ROLES = {
    "today": CASEWORK,
    "cases": CASEWORK,
    "intake": WORKERS,
    "case": CASEWORK,
    "overview": CASEWORK | {"researcher"},
    "referrals": CASEWORK,
    "deadlines": CASEWORK,
    "conference": INVITED,
    "documents": CASEWORK,
    "research": {"researcher"},
    "admin": {"administrator", "supervisor", "auditor"},
}


def main() -> None:
    """Draw the frame and the page the person chose."""
    st.set_page_config(
        page_title=say("app.tab", "th"), page_icon=":material/diversity_1:", layout="wide"
    )
    st.html(STYLE)
    try:
        desk = open_desk()
    except Refused as refused:
        _stay()
        turned_away(refused)
    st.session_state["desk"] = desk
    if desk.me.get("password_due"):
        _stay()
        begin.own_password_first(desk)
        return
    pages = _pages(desk)
    st.session_state["pages"] = pages
    nowhere = _nowhere(desk.say("begin.nowhere"), begin.nowhere)
    chosen = st.navigation([*pages.values(), *_closed(desk), *nowhere], position="sidebar")
    with kindly(desk):
        _sidebar(desk)
    keyboard.listen(desk)
    chosen.run()


def _pages(desk: Desk) -> dict[str, st.Page]:
    """The pages this person's role has, by address."""
    pages = {
        name: st.Page(
            draw, title=desk.say(f"page.{name}"), icon=f":material/{icon}:", url_path=name
        )
        for name, (draw, icon) in PAGES.items()
        if desk.me["role"] in ROLES.get(name, {desk.me["role"]})
    }
    return {"home": st.Page(_home, default=True, visibility="hidden"), **pages}


def _nowhere(words: str, draw: Callable[[], None]) -> list[st.Page]:
    """A page at an address that is none of ours; without it Streamlit would say so in English."""
    name = address.asked()
    if not name or name in PAGES:
        return []
    return [st.Page(draw, title=words, url_path=name, visibility="hidden")]


def _closed(desk: Desk) -> list[st.Page]:
    """The pages of other roles: whoever comes to one is told so, in the language they read."""
    return [
        st.Page(begin.not_yours, title=desk.say(f"page.{name}"), url_path=name, visibility="hidden")
        for name in PAGES
        if desk.me["role"] not in ROLES.get(name, {desk.me["role"]})
    ]


def _home() -> None:
    """The root leads to the first page, so that every page of the list has an address."""
    first = FIRST.get(st.session_state["desk"].me["role"], "today")
    st.switch_page(st.session_state["pages"][first])


def _stay() -> None:
    """Keep the address of the page while nobody is known: after it, the person is where they were.

    Without pages Streamlit would go to the first one.
    """
    pages = [st.Page(_nothing, title=say("app.tab", "th"), url_path=name) for name in PAGES]
    home = st.Page(_nothing, title=say("app.tab", "th"), default=True)
    nowhere = _nowhere(say("app.tab", "th"), _nothing)
    st.navigation([home, *pages, *nowhere], position="hidden")


def _nothing() -> None:
    """A page that cannot be drawn yet."""


def _sidebar(desk: Desk) -> None:
    with st.sidebar:
        st.markdown(f"**{desk.me['name']}**")
        agency = desk.me[f"agency_{desk.lang}"]
        st.caption(f"{capital(desk.role(desk.me['role']))}  \n{agency}")
        if "today" in st.session_state["pages"]:
            notices.count(desk)
        st.segmented_control(
            desk.say("language"),
            LANGUAGES,
            default=desk.lang,
            key="lang_choice",
            required=True,
            format_func=lambda code: say(f"language.{code}", code),
            on_change=_remember_language,
            args=(desk,),
        )
        if desk.lang == "th":
            _numerals(desk)
        if desk.me["role"] in WORKERS:
            own_view.setting(desk)
        st.button(
            desk.say("tour.again"),
            icon=":material/help:",
            type="tertiary",
            on_click=tour.again,
            args=(desk,),
        )
        own_password.offer(desk)
        if st.button(desk.say("signout"), icon=":material/logout:"):
            desk.api.post("/logout")
            st.session_state[SIGNED_OUT] = True  # whoever comes next begins at their first page
            st.rerun()


def _numerals(desk: Desk) -> None:
    """Thai numerals for those who like them; remembered for the next sign-in."""
    st.session_state.setdefault(numerals.CHOICE, desk.drawer.get(numerals.CHOICE, ""))
    st.toggle(
        desk.say("numerals.thai"),
        value=st.session_state[numerals.CHOICE] == numerals.THAI,
        key="numerals_toggle",
        on_change=_remember_numerals,
        args=(desk,),
    )


def _remember_numerals(desk: Desk) -> None:
    wanted = numerals.THAI if st.session_state["numerals_toggle"] else ""
    st.session_state[numerals.CHOICE] = wanted
    with kindly(desk):
        desk.keep(numerals.CHOICE, wanted)


def _remember_language(desk: Desk) -> None:
    """The next page and the next sign-in speak it too.

    A run that is broken off may report a choice of nothing, which is none.
    """
    chosen = st.session_state.get("lang_choice")
    if chosen not in LANGUAGES:
        return
    st.session_state["lang"] = chosen
    with kindly(desk):
        desk.api.put("/me/language", {"language": chosen})


main()
