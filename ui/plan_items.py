"""One sentence of a plan beside its ground, and the ways a person decides on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from ui import kept_words, marks
from ui.calendar import day, moment
from ui.desk import Desk, kindly
from ui.plan_sections import Review


def show(review: Review, item: dict[str, Any]) -> None:
    """Draw the sentence, what stands behind it, and the buttons to decide."""
    desk, sentence = review.desk, item["sentence"]
    left, right = st.columns([3, 2], gap="medium")
    reasons = [desk.say(f"flag.{flag['code']}") for flag in sentence["flags"]]
    left.html(
        marks.item(
            sentence,
            desk.lang,
            decision=review.decision(sentence["id"]),
            meta=_meta(desk, item),
            reasons=reasons,
        )
    )
    right.html(marks.evidence(sentence, review.citations(), desk.lang) or "<span></span>")
    if sentence["ink"] != "frame" and review.may_decide:
        with left.container(horizontal=True, gap="small"):
            _buttons(review, sentence)


def _meta(desk: Desk, item: dict[str, Any]) -> str:
    parts = []
    if item.get("goal"):
        parts.append(desk.say("item.goal", when=day(item["review_on"], desk.lang)))
    if item.get("indicator"):
        parts.append(desk.say("item.indicator"))
    if item.get("who"):
        parts.append(desk.say("item.who", who=", ".join(desk.role(r) for r in item["who"])))
    if item.get("due"):
        parts.append(desk.say("item.due", when=moment(item["due"], desk.lang)))
    if item.get("override"):
        by = ", ".join(desk.role(r) for r in item["override"])
        parts.append(desk.say("item.override", who=by))
    if item.get("verdict"):
        parts.append(desk.say(f"verdict.{item['verdict']}"))
    if item.get("state") in ("ask", "scheduled"):
        parts.append(desk.say(f"item.state.{item['state']}"))
    if item.get("ask"):
        parts.append(desk.say("item.ask", question=item["ask"]["text"]))
    return " · ".join(parts)


def _buttons(review: Review, sentence: dict[str, Any]) -> None:
    """The ways to decide; a key of the keyboard presses the one whose class it knows."""
    desk, sid = review.desk, sentence["id"]
    state = (review.decision(sid) or {}).get("decision")
    if (
        not sentence["flags"]
        and state != "accepted"
        and st.button(desk.say("item.accept"), key=f"a-{sid}", icon=":material/check:")
    ):
        decide(review, [sid], "accepted")
    if st.button(desk.say("item.edit"), key=f"e-{sid}", icon=":material/edit:"):
        _edit(review, sentence)
    if state != "struck" and st.button(
        desk.say("item.strike"), key=f"s-{sid}", icon=":material/close:"
    ):
        _strike(review, sentence)
    if state and st.button(desk.say("item.undo"), key=f"u-{sid}", icon=":material/undo:"):
        _undo(review, sid)


def decide(
    review: Review,
    ids: Iterable[str],
    decision: str,
    text: str | None = None,
    reason: str | None = None,
) -> None:
    """Decide on sentences, all or none, and draw the plan anew."""
    wanted = [
        {
            "sentence_id": sid,
            "decision": decision,
            "text": text,
            "reason": reason,
            "revision": review.revision(sid),
        }
        for sid in ids
    ]
    with kindly(review.desk):
        review.desk.api.post(f"/plans/{review.version['id']}/decisions", {"decisions": wanted})
        if reason is not None:
            for sid in ids:
                kept_words.forget(review.desk, "plan", review.version["id"], sid, "")
        st.rerun(scope="fragment" if text is None and reason is None else "app")


def _undo(review: Review, sid: str) -> None:
    with kindly(review.desk):
        review.desk.api.post(f"/plans/{review.version['id']}/decisions/{sid}/undo")
        st.rerun(scope="fragment")


def _edit(review: Review, sentence: dict[str, Any]) -> None:
    desk, sid = review.desk, sentence["id"]
    current = (review.decision(sid) or {}).get("text") or sentence["text"]

    fields = _fields(review, sid, f"t-{sid}", f"why-{sid}")

    @st.dialog(desk.say("item.edit"), width="large")
    def ask() -> None:
        kept_words.begin(desk, fields, {f"t-{sid}": current})
        with st.form(f"edit-{sid}", border=False):
            text = st.text_area(desk.say("item.new_text"), height=160, key=f"t-{sid}")
            reason = st.text_input(desk.say("item.reason"), key=f"why-{sid}")
            kept_words.watch(desk, fields)
            sent = st.form_submit_button(desk.say("save"), type="primary")
        if sent and _said(review, text, reason):
            decide(review, [sid], "edited", text, reason)

    ask()


def _strike(review: Review, sentence: dict[str, Any]) -> None:
    desk, sid = review.desk, sentence["id"]
    fields = _fields(review, sid, f"strike-why-{sid}")

    @st.dialog(desk.say("item.strike"))
    def ask() -> None:
        kept_words.begin(desk, fields)
        st.html(marks.item(sentence, desk.lang))
        with st.form(f"strike-{sid}", border=False):
            reason = st.text_input(desk.say("item.reason"), key=f"strike-why-{sid}")
            kept_words.watch(desk, fields)
            sent = st.form_submit_button(desk.say("item.strike"), type="primary")
        if sent and _said(review, reason):
            decide(review, [sid], "struck", reason=reason)

    ask()


def _fields(review: Review, sid: str, *keys: str) -> dict[str, str]:
    """The fields of a sentence, in whose words nothing of a colleague's is hidden."""
    seen = review.version["id"], sid, review.revision(sid)
    return {key: kept_words.name_of("plan", *seen, key) for key in keys}


def _said(review: Review, *words: str) -> bool:
    """Whether nothing was left empty; says so otherwise."""
    whole = all(word.strip() for word in words)
    if not whole:
        st.error(review.desk.say("item.reason_needed"), icon=":material/edit:")
    return whole
