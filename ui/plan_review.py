"""The review: every sentence beside its ground; accept, edit, strike; approve this very version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import marks
from ui.calendar import day, moment
from ui.desk import Desk, kindly

FIRST = ("risks", "safety")


@dataclass(frozen=True)
class Review:
    """One version on the table, with the decisions taken so far."""

    desk: Desk
    version: dict[str, Any]

    @property
    def draft(self) -> dict[str, Any]:
        """The draft as the planner made it."""
        content: dict[str, Any] = self.version["content"]
        return content

    @property
    def approved(self) -> bool:
        """Whether this very version was approved."""
        return self.version.get("approval") is not None

    def decision(self, sentence_id: str) -> dict[str, Any] | None:
        """What was decided about a sentence, if anything."""
        found: dict[str, Any] | None = self.version["decisions"].get(sentence_id)
        return found if found and found["decision"] else None

    def revision(self, sentence_id: str) -> int:
        """The last revision seen of a sentence's decision; 0 for none."""
        return int((self.version["decisions"].get(sentence_id) or {}).get("revision", 0))

    def citations(self) -> dict[str, dict[str, Any]]:
        """The cited passages by id."""
        return {c["id"]: c for c in self.draft["citations"]}


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Draw the newest version of the case's plan."""
    newest = max(case["versions"], key=lambda v: v["number"])
    with kindly(desk):
        review = Review(desk, desk.api.get(f"/plans/{newest['id']}"))
        _banner(review)
        for name, sentences in sections(review.draft):
            _section(review, name, sentences)
        _questions(review)
        _approval(review)


def sections(draft: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The parts of a draft a person decides on, in reading order: name and ``{sentence, meta}``."""
    assessment, plan = draft["assessment"], draft["plan"]
    yield (
        "risks",
        [i for r in assessment["risks"] for i in (_line(r["sentence"]), _line(r["response"]))],
    )
    yield "safety", [_line(s) for s in plan["safety"]]
    yield "facts", [_line(s) for s in assessment["facts"]]
    yield "strengths", [_line(s) for s in assessment["strengths"]]
    yield "needs", [_line(n["sentence"]) for n in assessment["needs"]]
    yield "formulation", [_line(s) for s in assessment["formulation"]]
    for problem in plan["problems"]:
        yield f"{problem['code']} {problem['label_th']}", list(_problem(problem))
    yield (
        "deadlines",
        [_line(d["duty"], due=d["due"], ask=d["question"]) for d in draft["deadlines"]],
    )
    yield (
        "schemes",
        [_line(s["sentence"], ask=s["question"], verdict=s["verdict"]) for s in draft["schemes"]],
    )
    for name in ("warnings", "consent", "documents", "review", "alternatives"):
        yield name, [_line(s) for s in plan[name]]


def _line(sentence: dict[str, Any], **about: Any) -> dict[str, Any]:
    return {"sentence": sentence, **about}


def _problem(problem: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if problem["no_goal_reason"]:
        yield _line(problem["no_goal_reason"])
    for goal in problem["goals"]:
        yield _line(goal["sentence"], goal=True, review_on=goal["review_on"])
        yield _line(goal["indicator"], indicator=True)
        for action in goal["actions"]:
            yield _line(
                action["sentence"],
                who=action["responsible"],
                within=action["within"],
                due=action["due"],
                state=action["state"],
                ask=action["question"],
            )


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
                    name=approval["by_name"],
                    when=moment(approval["at"], desk.lang),
                ),
                version["content_hash"],
            )
        )
    else:
        st.caption(desk.say("plan.inks"))


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
    title = desk.say(f"section.{name}") if name.islower() else name
    state = desk.say("section.waiting", count=len(waiting)) if waiting else "✓"
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
        _item(review, item)
    plain = [s["id"] for s in waiting if not s["flags"]]
    if plain and not review.approved:
        label = review.desk.say("section.accept", count=len(plain))
        if st.button(label, key=f"all-{name}", icon=":material/done_all:"):
            _decide(review, plain, "accepted")


def _waits(review: Review, sentence: dict[str, Any]) -> bool:
    return sentence["ink"] != "frame" and review.decision(sentence["id"]) is None


def _item(review: Review, item: dict[str, Any]) -> None:
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
    if sentence["ink"] != "frame" and not review.approved:
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
    if item.get("verdict"):
        parts.append(desk.say(f"verdict.{item['verdict']}"))
    if item.get("state") in ("ask", "scheduled"):
        parts.append(desk.say(f"item.state.{item['state']}"))
    if item.get("ask"):
        parts.append(desk.say("item.ask", question=item["ask"]["text"]))
    return " · ".join(parts)


def _buttons(review: Review, sentence: dict[str, Any]) -> None:
    desk, sid = review.desk, sentence["id"]
    state = (review.decision(sid) or {}).get("decision")
    if (
        not sentence["flags"]
        and state != "accepted"
        and st.button(desk.say("item.accept"), key=f"a-{sid}", icon=":material/check:")
    ):
        _decide(review, [sid], "accepted")
    if st.button(desk.say("item.edit"), key=f"e-{sid}", icon=":material/edit:"):
        _edit(review, sentence)
    if state != "struck" and st.button(
        desk.say("item.strike"), key=f"s-{sid}", icon=":material/close:"
    ):
        _strike(review, sentence)
    if state and st.button(desk.say("item.undo"), key=f"u-{sid}", icon=":material/undo:"):
        _undo(review, sid)


def _decide(
    review: Review,
    ids: Iterable[str],
    decision: str,
    text: str | None = None,
    reason: str | None = None,
) -> None:
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
        st.rerun()


def _undo(review: Review, sid: str) -> None:
    with kindly(review.desk):
        review.desk.api.post(f"/plans/{review.version['id']}/decisions/{sid}/undo")
        st.rerun()


def _edit(review: Review, sentence: dict[str, Any]) -> None:
    desk = review.desk
    current = (review.decision(sentence["id"]) or {}).get("text") or sentence["text"]

    @st.dialog(desk.say("item.edit"), width="large")
    def ask() -> None:
        text = st.text_area(desk.say("item.new_text"), value=current, height=160)
        reason = st.text_input(desk.say("item.reason"))
        if st.button(
            desk.say("save"), type="primary", disabled=not text.strip() or not reason.strip()
        ):
            _decide(review, [sentence["id"]], "edited", text, reason)

    ask()


def _strike(review: Review, sentence: dict[str, Any]) -> None:
    desk = review.desk

    @st.dialog(desk.say("item.strike"))
    def ask() -> None:
        st.html(marks.item(sentence, desk.lang))
        reason = st.text_input(desk.say("item.reason"))
        if st.button(desk.say("item.strike"), type="primary", disabled=not reason.strip()):
            _decide(review, [sentence["id"]], "struck", reason=reason)

    ask()


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
    if review.approved:
        return
    desk = review.desk
    total, decided, flagged = _counts(review)
    st.divider()
    st.subheader(desk.say("plan.approve"))
    st.caption(
        desk.say("plan.approve_hint")
        if total == decided
        else desk.say("plan.left", count=total - decided)
    )
    comment = st.text_input(desk.say("plan.comment"), key="approval_comment")
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
            st.rerun()
