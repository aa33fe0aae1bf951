"""The frame: style, who is signed in, language, navigation. Served by ``cmis serve``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import case_file, cases, knowledge, new_intake
from ui.desk import Desk, kindly, open_desk
from ui.words import LANGUAGES, say

STYLE = Path(__file__).with_name("style.css")


def main() -> None:
    """Draw the frame and the page the person chose."""
    st.set_page_config(
        page_title=say("app.name", "th"), page_icon=":material/diversity_1:", layout="wide"
    )
    st.html(STYLE)
    desk = open_desk()
    st.session_state["desk"] = desk
    pages = _pages(desk)
    st.session_state["pages"] = pages
    chosen = st.navigation(list(pages.values()), position="sidebar")
    _sidebar(desk)
    chosen.run()


def _pages(desk: Desk) -> dict[str, st.Page]:
    return {
        "cases": st.Page(
            cases.page,
            title=desk.say("page.cases"),
            icon=":material/folder_shared:",
            url_path="cases",
            default=True,
        ),
        "intake": st.Page(
            new_intake.page,
            title=desk.say("page.intake"),
            icon=":material/edit_note:",
            url_path="intake",
        ),
        "case": st.Page(
            case_file.page,
            title=desk.say("page.case"),
            icon=":material/description:",
            url_path="case",
        ),
        "knowledge": st.Page(
            knowledge.page,
            title=desk.say("page.knowledge"),
            icon=":material/menu_book:",
            url_path="knowledge",
        ),
    }


def _sidebar(desk: Desk) -> None:
    with st.sidebar:
        st.markdown(f"**{desk.me['name']}**")
        agency = desk.me[f"agency_{desk.lang}"]
        st.caption(f"{desk.role(desk.me['role'])}  \n{agency}")
        st.segmented_control(
            desk.say("language"),
            LANGUAGES,
            key="lang",
            required=True,
            format_func=lambda code: say(f"language.{code}", code),
            on_change=_remember_language,
            args=(desk,),
        )
        if st.button(desk.say("signout"), icon=":material/logout:"):
            desk.api.post("/logout")
            st.rerun()


def _remember_language(desk: Desk) -> None:
    """The next page and the next sign-in speak it too."""
    with kindly(desk):
        desk.api.put("/me/language", {"language": st.session_state["lang"]})


main()
