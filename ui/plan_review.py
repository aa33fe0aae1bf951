"""The review: every sentence beside its ground; accept, edit, strike; approve this very version."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import completeness, kept_words, marks, own_view, plan_items, versions
from ui.calendar import moment
from ui.desk import Desk, kindly
from ui.plan_sections import Review, sections

COMMENT = "approval_comment"
FIRST = ("to_mend", "risks", "safety")
SHUT = ("content.assessment", "content.plan", "decisions")


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Draw the newest version of the case's plan."""
    newest = max(case["versions"], key=lambda v: v["number"])
    with kindly(desk):
        version, withheld = desk.api.narrowed(f"/plans/{newest['id']}")
        review = Review(desk, version, case["acts"], folds=own_view.folded(desk, case))
        _banner(review)
        if newest["told_since"] and not case["acts"]:  # who acts is told beside the way to draft
            st.warning(desk.say("story.after_draft"), icon=":material/add_comment:")
        _not_shown(desk, withheld)
        completeness.show(desk, review.draft, case["code_decisions"])
        versions.show(desk, case, newest["id"])
        _sections(review)
        _questions(review)
        if review.may_decide:
            _approval(review)


def _not_shown(desk: Desk, withheld: tuple[str, ...]) -> None:
    parts = [desk.say(f"withheld.{name}") for name in SHUT if name in withheld]
    if parts:
        said = desk.say("withheld.told", parts=", ".join(parts))
        st.info(said, icon=":material/visibility_off:")


def _sections(review: Review) -> None:
    """What must be mended first by itself at the top, then every part in reading order."""
    parts = [(n, items) for n, items in sections(review.draft) if n not in review.folded]
    for name in review.folded:
        st.caption(f"**{review.title(name)}** — {review.desk.say('own_view.folded')}")
    first = [i for _, items in parts for i in items if review.to_mend(i["sentence"])]
    _section(review, "to_mend", first)
    for name, items in parts:
        _section(review, name, [i for i in items if i not in first])


def _banner(review: Review) -> None:
    desk, version = review.desk, review.version
    engine = desk.say(
        "plan.engine.composer" if review.draft["engine"] == "composer" else "plan.engine.chat"
    )
    total, decided, flagged = _counts(review)
    st.html(
        '<div class="cmis-row">'
        f"{marks.chip(desk.say('plan.version', number=version['number']))}{marks.chip(engine)}"
        f"{marks.chip(desk.say('plan.decided', decided=decided, total=total))}"
        f"{marks.chip(desk.say('plan.flagged', count=flagged), 'danger') if flagged else ''}</div>"
    )
    if review.approved:
        approval = version["approval"]
        st.html(
            marks.approved(
                desk.say(
                    "plan.approved",
                    name=desk.named(approval)["by_name"],
                    when=moment(approval["at"], desk.lang),
                ),
                version["content_hash"],
            )
        )
    else:
        st.caption(desk.say("plan.inks"))
        if review.may_decide:
            st.caption(desk.say("plan.keys"), help=desk.say("plan.keys_help"))


def _counts(review: Review) -> tuple[int, int, int]:
    claims = [
        i["sentence"]
        for _, items in sections(review.draft)
        for i in items
        if i["sentence"]["ink"] != "frame"
    ]
    decided = sum(review.decision(s["id"]) is not None for s in claims)
    flagged = sum(bool(s["flags"]) and review.decision(s["id"]) is None for s in claims)
    return len(claims), decided, flagged


def _section(review: Review, name: str, items: list[dict[str, Any]]) -> None:
    if not items:
        return
    desk = review.desk
    waiting = [i["sentence"] for i in items if _waits(review, i["sentence"])]
    title = review.title(name)
    state = desk.say("section.waiting", count=len(waiting)) if waiting else "✓"
    if any(i.get("doubt") for i in items):
        state = f"{desk.say('section.doubt')} · {state}"
    opened = bool(waiting) and name in FIRST
    section = st.expander(
        f"**{title}** — {state}", expanded=opened, key=f"section-{name}", on_change="rerun"
    )
    if section.open:
        with section:
            _opened(review, name, items, waiting)


def _opened(
    review: Review, name: str, items: list[dict[str, Any]], waiting: list[dict[str, Any]]
) -> None:
    """Only an open section is drawn: nobody can accept what was never on the screen."""
    for item in items:
        plan_items.show(review, item)
    plain = [s["id"] for s in waiting if not s["flags"]]
    if plain and review.may_decide:
        label = review.desk.say("section.accept", count=len(plain))
        if st.button(label, key=f"all-{name}", icon=":material/done_all:"):
            plan_items.decide(review, plain, "accepted")


def _waits(review: Review, sentence: dict[str, Any]) -> bool:
    return sentence["ink"] != "frame" and review.decision(sentence["id"]) is None


def _questions(review: Review) -> None:
    desk = review.desk
    asked = [
        ("missing", review.draft["assessment"]["missing"]),
        ("mdt", review.draft["plan"]["mdt"]),
    ]
    for name, sentences in asked:
        if sentences:
            with st.expander(f"**{desk.say(f'section.{name}')}**"):
                st.html(marks.listing(s["text"] for s in sentences))


def _approval(review: Review) -> None:
    desk = review.desk
    total, decided, flagged = _counts(review)
    st.divider()
    st.subheader(desk.say("plan.approve"))
    st.caption(
        desk.say("plan.approve_hint")
        if total == decided
        else desk.say("plan.left", count=total - decided)
    )
    fields = {COMMENT: kept_words.name_of("approval", review.version["id"])}
    kept_words.begin(desk, fields)
    comment = st.text_input(desk.say("plan.comment"), key=COMMENT)
    kept_words.watch(desk, fields)
    ready = total == decided and not flagged
    if st.button(
        desk.say("plan.approve_this"),
        type="primary",
        icon=":material/verified:",
        disabled=not ready,
    ):
        with kindly(desk):
            body = {"content_hash": review.version["content_hash"], "comment": comment or None}
            desk.api.post(f"/plans/{review.version['id']}/approve", body)
            kept_words.forget(desk, "approval", review.version["id"])
            st.rerun()
