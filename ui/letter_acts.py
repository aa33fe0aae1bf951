"""What may be done with a letter: acknowledge, accept, decline, finish, take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from ui import kept_words
from ui.desk import Desk, kindly
from ui.fields import choose
from ui.letter_text import TRANSFER
from ui.roles import RECEIVERS, WORKERS

Scope = Literal["app", "fragment"]
ICONS = {
    "acknowledge": ":material/mark_email_read:",
    "accept": ":material/check:",
    "reject": ":material/close:",
    "finish": ":material/task_alt:",
    "revoke": ":material/undo:",
}
REASONED = ("reject", "revoke")


def verbs(letter: Mapping[str, Any], me: Mapping[str, Any]) -> list[str]:
    """What this person may do with the letter as it stands, in the order of its life.

    A case given away is taken on by a worker of cases only.
    """
    if me["role"] not in RECEIVERS:
        return []
    status = letter["status"]
    if letter["from_agency"] == me["agency_id"]:
        return ["revoke"] if status in ("pending", "accepted") else []
    if letter["to_agency"] != me["agency_id"]:
        return []
    if status == "accepted":
        return ["finish"]
    if status != "pending":
        return []
    takes = letter["kind"] != TRANSFER or me["role"] in WORKERS
    arrived = [] if letter["received_at"] else ["acknowledge"]
    return arrived + (["accept"] if takes else []) + ["reject"]


def show(desk: Desk, letter: dict[str, Any], forms: dict[str, Any], scope: Scope) -> None:
    """A button for each act, side by side; an answer asks for its words first."""
    for verb in verbs(letter, desk.me):
        if verb == "acknowledge":
            key, label = f"{verb}-{letter['id']}", desk.say(f"letter.do.{verb}")
            if st.button(label, key=key, icon=ICONS[verb]):
                _send(desk, letter, verb, None, scope)
        else:
            _worded(desk, letter, verb, forms, scope)


def _worded(
    desk: Desk, letter: dict[str, Any], verb: str, forms: dict[str, Any], scope: Scope
) -> None:
    """An act with words to the other side; what ends a letter needs a reason."""
    label = desk.say(f"letter.do.{verb}")
    with st.popover(label, icon=ICONS[verb]):
        means = f"{verb}_transfer" if (verb, letter["kind"]) == ("accept", TRANSFER) else verb
        st.caption(desk.say(f"letter.means.{means}"))
        reason = None
        if verb in REASONED:
            words = {r["id"]: r[desk.lang] for r in forms["reasons"]}
            reason = choose(desk, "letter.reason", words, key=f"reason-{verb}-{letter['id']}")
        key = f"comment-{verb}-{letter['id']}"
        fields = {key: kept_words.name_of("answer", letter["id"], verb)}
        kept_words.begin(desk, fields)
        comment = st.text_area(desk.say("letter.comment"), key=key, max_chars=2000).strip()
        kept_words.watch(desk, fields)
        body = {"comment": comment or None}
        ready = reason is not None or verb not in REASONED
        key, sure = f"{verb}-{letter['id']}", desk.say(f"letter.sure.{verb}")
        if st.button(sure, key=key, type="primary", disabled=not ready):
            coded = {"reason_code": reason} if reason else {}
            _send(desk, letter, verb, body | coded, scope)


def _send(desk: Desk, letter: dict[str, Any], verb: str, body: Any, scope: Scope) -> None:
    with kindly(desk):
        desk.api.post(f"/referrals/{letter['id']}/{verb}", body)
        if body:
            kept_words.forget(desk, "answer", letter["id"], "")
        st.rerun(scope=scope)
