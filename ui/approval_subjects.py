"""What an approval is about, drawn where it is decided: a closure request, a letter, a document."""

from __future__ import annotations

from enum import Enum
from typing import Any

import streamlit as st

from ui import document_marks, document_preview, entry_fields, letter_text, marks, step_marks
from ui.desk import Desk

LETTERS = ("disclosure", "transfer")


class Seen(Enum):
    """Whether the very content that is to be approved is on the screen."""

    READ = "read"
    UNREAD = "unread"
    OTHER = "other"


def show(desk: Desk, row: dict[str, Any], *, at: str) -> Seen:
    """Draw the subject of a request; ``at`` tells apart two places of one page."""
    if row["kind"] == "document":
        return _document(desk, row, at)
    if row["kind"] in LETTERS:
        _letter(desk, row["subject_id"])
        return Seen.READ
    entries = desk.api.get(f"/cases/{row['case_id']}/entries")
    entry = next((e for e in entries if e["id"] == row["subject_id"]), None)
    if entry is None or entry["content_hash"] != row["content_hash"]:
        return Seen.OTHER
    form = desk.kept("/entry-forms")["forms"]["closure_request"]
    st.html(step_marks.answers(entry_fields.told(desk, form, entry["content"])))
    return Seen.READ


def _letter(desk: Desk, letter_id: str) -> None:
    """The whole letter: between whom, what it asks and on which ground, what it tells."""
    letter = desk.api.get(f"/referrals/{letter_id}")
    ends = [desk.agency(letter[end]) for end in ("from_agency", "to_agency")]
    said = letter_text.lines(desk, letter, desk.kept("/referral-forms"))
    between = (desk.say("approval.between"), " → ".join(ends))
    st.html(step_marks.answers([between, *said]))


def _document(desk: Desk, row: dict[str, Any], at: str) -> Seen:
    """The version asked for; its pages are fetched when wanted, for reading it is kept too."""
    kept = desk.api.get(f"/cases/{row['case_id']}/documents")["items"]
    pairs = ((d, v) for d in kept for v in d["versions"] if v["id"] == row["subject_id"])
    document, version = next(pairs, (None, None))
    if document is None or version is None:
        st.caption(desk.say("approval.document_gone"))
        return Seen.OTHER
    if version["sha256"] != row["content_hash"]:
        return Seen.OTHER
    number = desk.say("documents.version", number=version["number"])
    kinds = {k["type_id"]: k for k in desk.kept("/document-types")["items"]}
    title = document_marks.title(document, kinds.get(document["type_id"], {}), desk.lang)
    st.html(marks.headline(title, number, "", version["file_name"]))
    return _pages(desk, document, version, at)


def _pages(desk: Desk, document: dict[str, Any], version: dict[str, Any], at: str) -> Seen:
    shown = f"approval_shown-{at}-{version['id']}"
    if not st.session_state.get(shown):
        if st.button(desk.say("preview.show"), icon=":material/visibility:", key=f"{shown}-go"):
            st.session_state[shown] = True
            st.rerun(scope="fragment")
        st.caption(desk.say("preview.recorded"))
        return Seen.UNREAD
    content = desk.api.read(f"/document-versions/{version['id']}/content")
    document_preview.show(desk, content, version["media_type"], document["title"])
    st.html(document_marks.download(version["id"], desk.say("documents.download")))
    return Seen.READ
