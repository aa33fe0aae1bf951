"""One document opened: its pages, its versions, its custody, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import (
    approval_marks,
    approvals,
    document_adding,
    document_erasing,
    document_marks,
    document_preview,
    roles,
)
from ui.cases import open_case
from ui.desk import Desk, kindly

SHOWN = "document_shown"
CHANGES = ("version", "withdrawn")
ACTS = ("approval", "sent", "received", "refused", "signed", "version", "withdrawn", "erased")


@dataclass(frozen=True)
class Eyes:
    """Who looks: whether they may add, whether the case is their agency's, what is asked.

    ``asked`` are the requests for approval by the hash of what they are about.
    """

    writes: bool
    own: bool
    asked: Mapping[str, dict[str, Any]]

    def standing(self, document: Mapping[str, Any], lang: str) -> str:
        """How the approval of the newest version stands, as a chip; nothing where none is asked."""
        row = self.asked.get(document["versions"][-1]["sha256"])
        return approval_marks.state(row, lang) if row else ""


def show(desk: Desk, document: dict[str, Any], kind: Mapping[str, Any], eyes: Eyes) -> None:
    """Draw an opened document; who only reads its case is offered no act."""
    version = _version(desk, document)
    names = ("look", "hands", "act") if eyes.writes else ("look", "hands")
    look, hands, *act = st.tabs([desk.say(f"documents.tab.{t}") for t in names])
    with look:
        _look(desk, document, version)
    with hands:
        numbers = {v["id"]: v["number"] for v in document["versions"]}
        acts = document["custody"] + approvals.as_acts(document["versions"], eyes.asked)
        acts = [desk.named(act) for act in acts]
        st.html(document_marks.custody(sorted(acts, key=_when), numbers, desk.lang))
    for tab in act:
        with tab:
            _acts(desk, document, version, kind, eyes)


def _version(desk: Desk, document: dict[str, Any]) -> dict[str, Any]:
    """The version to look at: the newest, unless another is chosen."""
    versions: dict[int, dict[str, Any]] = {v["number"]: v for v in document["versions"]}
    if len(versions) == 1:
        return document["versions"][0]  # type: ignore[no-any-return]
    number = st.segmented_control(
        desk.say("documents.versions"),
        list(versions),
        default=max(versions),
        required=True,
        key=f"version-{document['id']}",
        format_func=lambda n: desk.say("documents.version", number=n),
    )
    return versions[number]


def _look(desk: Desk, document: dict[str, Any], version: dict[str, Any]) -> None:
    """The file itself, fetched when asked for: reading it goes into its custody."""
    size = desk.say("documents.size", kilobytes=max(1, round(version["size_bytes"] / 1000)))
    st.caption(f"{version['file_name']} · {size}")
    if version["scan"] == "not_scanned":
        st.caption(desk.say("documents.not_scanned"))
    if st.session_state.get(SHOWN) != version["id"]:
        if st.button(desk.say("preview.show"), icon=":material/visibility:", key="preview"):
            st.session_state[SHOWN] = version["id"]
            st.rerun()
        st.caption(desk.say("preview.recorded"))
        return
    with kindly(desk):
        content = desk.api.read(f"/document-versions/{version['id']}/content")
        document_preview.show(desk, content, version["media_type"], document["title"])
        st.html(document_marks.download(version["id"], desk.say("documents.download")))


def _when(act: Mapping[str, Any]) -> str:
    return str(act["at"])


def _acts(
    desk: Desk,
    document: dict[str, Any],
    version: dict[str, Any],
    kind: Mapping[str, Any],
    eyes: Eyes,
) -> None:
    row = eyes.asked.get(version["sha256"])
    if row:
        _approval(desk, row)
    if document["state"] == "withdrawn":
        st.caption(desk.say("documents.is_withdrawn"))
    act = st.pills(
        desk.say("documents.do"),
        [a for a in ACTS if may(a, desk.me["role"], document, kind, eyes, asked=row is not None)],
        format_func=lambda a: desk.say(f"act.{a}"),
        key="document_act",
    )
    if act is None:
        st.caption(desk.say("documents.do_hint"))
        return
    if act == "erased":
        document_erasing.ask(desk, document)
    elif act == "approval":
        _ask_approval(desk, version)
    elif act == "version":
        document_adding.upload(desk, document["case_id"], document["type_id"], document["id"])
    else:
        _act(desk, version, kind, act)


def may(
    act: str,
    role: str,
    document: Mapping[str, Any],
    kind: Mapping[str, Any],
    eyes: Eyes,
    *,
    asked: bool,
) -> bool:
    """Whether an act is offered: none that the API would refuse this person."""
    if act == "erased":
        return eyes.own and role == "supervisor"
    if document["state"] == "withdrawn":
        return False
    if act == "approval":
        return eyes.own and role in roles.WORKERS and not asked
    if act in CHANGES and not document["may_change"]:
        return False
    return act != "signed" or bool(kind.get("may_sign"))


def _approval(desk: Desk, row: dict[str, Any]) -> None:
    """How the approval of this version stands, and the way to who may give it."""
    st.html(approval_marks.line(row, desk.lang, desk.say("documents.approval")))
    if row["verdict"] is None:
        st.caption(desk.say("documents.held_until"))
    if row["may_decide"] and st.button(
        desk.say("today.decide"), key=f"decide-{row['id']}", icon=":material/signature:"
    ):
        st.session_state[approvals.OPENED] = row["id"]
        open_case(row["case_id"])


def _ask_approval(desk: Desk, version: dict[str, Any]) -> None:
    st.caption(desk.say("documents.ask_means"))
    label = desk.say("documents.ask_this", number=version["number"])
    if st.button(label, type="primary", key="approval_go", icon=":material/signature:"):
        with kindly(desk):
            desk.api.post(f"/document-versions/{version['id']}/approval")
            st.session_state.pop("document_act", None)
            st.toast(desk.say("documents.asked"), icon=":material/check:")
            st.rerun()


def _act(desk: Desk, version: dict[str, Any], kind: Mapping[str, Any], act: str) -> None:
    """What an act asks for, then the act."""
    party = card = None
    if act in ("sent", "received"):
        party = st.text_input(desk.say(f"act.party.{act}"), key="act_party", max_chars=200).strip()
    if act == "signed" and kind.get("card_needed"):
        card = st.text_input(desk.say("documents.card"), key="act_card", max_chars=60).strip()
    note = st.text_area(desk.say(f"act.note.{act}"), key="act_note", max_chars=2000).strip()
    if st.button(desk.say(f"act.{act}"), type="primary", key="act_go"):
        body = {"act": act, "party": party or None, "note": note or None, "card": card or None}
        with kindly(desk):
            desk.api.post(f"/document-versions/{version['id']}/acts", body)
            for key in ("document_act", "act_party", "act_note", "act_card"):
                st.session_state.pop(key, None)
            st.toast(desk.say(f"act.done.{act}"), icon=":material/check:")
            st.rerun()
