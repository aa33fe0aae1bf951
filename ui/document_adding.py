"""One more document: drafted from the case, or a file somebody brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import document_marks
from ui.client import Refused
from ui.desk import Desk, kindly

KIND = "document_kind"
GENERATION = "document_uploads"
WAY = "document_way"
WAYS = ("draft", "upload")


def prepare(kind: Mapping[str, Any]) -> None:
    """Make the form ready for a kind: drafted where this person may, else brought."""
    st.session_state[KIND] = kind["type_id"]
    st.session_state[WAY] = "draft" if kind["may_draft"] else "upload"


def show(desk: Desk, case_id: str, kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """The form: which kind, then drafted or brought."""
    st.subheader(desk.say("documents.add"))
    with st.container(border=True):
        type_id = st.selectbox(
            desk.say("documents.kind"),
            list(kinds),
            key=KIND,
            format_func=lambda t: (
                f"{kinds[t]['number']}. {document_marks.name(kinds[t], desk.lang)}"
            ),
        )
        st.session_state.setdefault(WAY, WAYS[0])
        way = st.segmented_control(
            desk.say("documents.way"),
            WAYS,
            required=True,
            key=WAY,
            format_func=lambda w: desk.say(f"documents.way.{w}"),
        )
        if way == "draft":
            _draft(desk, case_id, kinds[type_id])
        else:
            upload(desk, case_id, type_id)


def _draft(desk: Desk, case_id: str, kind: Mapping[str, Any]) -> None:
    if not kind["may_draft"]:
        st.caption(desk.say("documents.not_drafted"))
        return
    letter = None
    if kind["letters"]:
        options = [None, *kind["letters"]]
        letter = st.selectbox(
            desk.say("documents.letter"),
            options,
            format_func=lambda x: desk.say(f"letter.form.{x}" if x else "letter.form.none"),
        )
    form = st.segmented_control(
        desk.say("documents.form"),
        ("pdf", "docx"),
        default="pdf",
        required=True,
        key="document_form",
        format_func=lambda f: desk.say(f"documents.form.{f}"),
    )
    st.caption(desk.say("documents.draft_hint"))
    if st.button(desk.say("documents.draft"), type="primary", icon=":material/edit_document:"):
        body = {"type_id": kind["type_id"], "form": form, "letter": letter}
        with kindly(desk), st.spinner(desk.say("documents.drafting")):
            made = desk.api.post(f"/cases/{case_id}/documents", body)
            _opened(desk, made)


def upload(desk: Desk, case_id: str, type_id: str, document_id: str | None = None) -> None:
    """Bring a file as a new document, or as the next version of one."""
    generation = st.session_state.get(GENERATION, 0)
    at = f"{document_id or 'new'}-{generation}"
    # A form: choosing a file draws nothing anew, so a quick press on "keep" cannot be lost.
    with st.form(f"bring-{at}", border=False):
        file = st.file_uploader(desk.say("documents.file"), key=f"document_file_{at}")
        st.caption(desk.say("documents.file_hint"))
        keep = st.form_submit_button(desk.say("documents.keep"), type="primary")
    if not keep:
        return
    if not file:
        st.error(desk.say("documents.file_needed"), icon=":material/error:")
        return
    where = f"/documents?case_id={case_id}&type_id={type_id}"
    where += f"&document_id={document_id}" if document_id else ""
    try:
        with st.spinner(desk.say("documents.keeping")):
            made = desk.api.send(where, file.name, file)
    except Refused as refused:
        desk.refuse(refused)
        return
    st.session_state[GENERATION] = generation + 1
    _opened(desk, made)


def _opened(desk: Desk, made: dict[str, Any]) -> None:
    st.session_state["document_opened"] = made["id"]
    st.session_state["document_shown"] = made["versions"][-1]["id"]
    st.toast(desk.say("documents.added"), icon=":material/check:")
    st.rerun()
