"""Approvals beside the plan's: what waits for this person's word, and what was decided before.

Nothing is approved that was not on the screen: what is asked for stands above the buttons, and
the word given is bound to its hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import approval_marks, approval_subjects, kept_words, roles
from ui.client import Refused
from ui.desk import Desk, kindly

OPENED = "approval_opened"
UNFIT = "sign_off.unfit"
TOLD = ("sign_off_once", "closure_request")


@st.fragment
def waiting(desk: Desk, case: dict[str, Any]) -> None:
    """Under the head of a case: each request this person may decide, ready to be read."""
    if case["relation"] != "own" or desk.me["role"] not in roles.SIGNERS:
        return
    with kindly(desk):
        rows = [row for row in asked(desk, case["id"]) if row["may_decide"]]
        chosen = st.session_state.get(OPENED)
        for row in rows:
            opened = chosen == row["id"] or len(rows) == 1
            _drawer(desk, row, expanded=opened)


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Every request of the case: who asked for what, and who said what to it."""
    rows = asked(desk, case["id"])
    if not rows:
        st.caption(desk.say("approval.none"))
    for row in reversed(rows):
        with st.container(border=True):
            st.html(approval_marks.line(row, desk.lang, desk.say(f"sign.{row['kind']}")))
            if st.toggle(desk.say("approval.look"), key=f"approval_look-{row['id']}"):
                approval_subjects.show(desk, row, at="past")


def asked(desk: Desk, case_id: str) -> list[dict[str, Any]]:
    """The requests of a case, the oldest first."""
    found = desk.api.get(f"/cases/{case_id}/sign-offs")
    return [approval_marks.named(desk, row) for row in found]


def of_documents(desk: Desk, case_id: str) -> dict[str, dict[str, Any]]:
    """The newest request for each version of a document, by the hash of its bytes."""
    rows = asked(desk, case_id)
    return {row["content_hash"]: row for row in rows if row["kind"] == "document"}


def as_acts(
    versions: list[dict[str, Any]], requests: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Requests and verdicts on these versions as lines of their custody."""
    found = [(v["id"], requests[v["sha256"]]) for v in versions if v["sha256"] in requests]
    told = [_as_act(version, row, "requested", "approval_asked") for version, row in found]
    for version, row in found:
        if row["verdict"]:
            told.append(_as_act(version, row, "decided", f"approval_{row['verdict']}"))
    return told


def _as_act(version_id: str, row: Mapping[str, Any], stage: str, act: str) -> dict[str, Any]:
    note = row["comment"] if stage == "decided" else None
    who, at = row[f"{stage}_name"], row[f"{stage}_at"]
    return {"version_id": version_id, "act": act, "party": None, "note": note} | {
        "by_name": who,
        "at": at,
    }


def _drawer(desk: Desk, row: dict[str, Any], *, expanded: bool) -> None:
    kind = desk.say(f"sign.{row['kind']}")
    drawer = st.expander(
        f"**{desk.say('approval.waits_for_you', kind=kind)}**",
        expanded=expanded,
        icon=":material/signature:",
        key=f"approval-{row['id']}",
        on_change="rerun",
    )
    if not drawer.open:
        return
    with drawer, kindly(desk):
        st.html(approval_marks.line(row, desk.lang, kind))
        seen = approval_subjects.show(desk, row, at="now")
        if seen is approval_subjects.Seen.OTHER:
            st.warning(desk.say("approval.changed"), icon=":material/sync_problem:")
            return
        st.caption(desk.say(f"approval.means.{row['kind']}"))
        _word(desk, row, read=seen is approval_subjects.Seen.READ)


def _word(desk: Desk, row: dict[str, Any], *, read: bool) -> None:
    """The comment and the two buttons."""
    key = f"approval_comment-{row['id']}"
    fields = {key: kept_words.name_of("approval", row["id"])}
    kept_words.begin(desk, fields)
    words = st.text_area(desk.say("approval.comment"), key=key, max_chars=2000).strip()
    kept_words.watch(desk, fields)
    if not read:
        st.caption(desk.say("approval.read_first"))
    with st.container(horizontal=True, gap="small"):
        approved = st.button(
            desk.say("approval.approve"),
            key=f"approve-{row['id']}",
            type="primary",
            icon=":material/verified:",
            disabled=not read,
        )
        refused = st.button(
            desk.say("approval.refuse"), key=f"refuse-{row['id']}", icon=":material/close:"
        )
    if refused and not words:
        st.error(desk.say("approval.why_needed"), icon=":material/edit:")
    elif approved or refused:
        _send(desk, row, "approved" if approved else "refused", words)


def _send(desk: Desk, row: dict[str, Any], verdict: str, words: str) -> None:
    body = {"verdict": verdict, "content_hash": row["content_hash"], "comment": words or None}
    try:
        desk.api.post(f"/sign-offs/{row['id']}/decision", body)
    except Refused as refused:
        told = why(refused)
        if told is None:
            raise
        st.error(desk.say(told), icon=":material/sync_problem:")
        return
    st.session_state.pop(OPENED, None)
    kept_words.forget(desk, "approval", row["id"])
    st.toast(desk.say(f"approval.done.{verdict}"), icon=":material/check:")
    st.rerun()


def why(refused: Refused) -> str | None:
    """The key of the words for what no longer fits; None where the API's own words say it."""
    if refused.code != UNFIT:
        return None
    what = refused.body.get("details", {}).get("what")
    return f"approval.unfit.{what}" if what in TOLD else "approval.changed"
