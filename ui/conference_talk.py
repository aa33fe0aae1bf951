"""The agenda, and what people said about each question and about sentences of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from ui import conference_marks, kept_words
from ui.desk import Desk, kindly
from ui.fields import next_round, round_of
from ui.plan_sections import sections
from ui.roles import takes_part

KINDS = ("comment", "suggestion")
FORM = "say"


def show(desk: Desk, held: dict[str, Any]) -> None:
    """The questions with their threads, then threads on sentences, then one more sentence."""
    st.caption(desk.say("room.agenda_hint"))
    talked = {p["topic"] for p in held["posts"]}
    parts = {"talked": [i for i in held["agenda"] if i["id"] in talked]}
    parts["silent"] = [i for i in held["agenda"] if i["id"] not in talked]
    with st.container(gap="xsmall"):
        for name, items in parts.items():
            if items:
                st.markdown(f"**{desk.say(f'room.{name}', count=len(items))}**")
            for item in items:
                _topic(desk, held, item["id"], item["text"])
        _sentences(desk, held)


def _topic(desk: Desk, held: dict[str, Any], topic: str, text: str) -> None:
    posts = [p for p in held["posts"] if p["topic"] == topic]
    label = conference_marks.plain(text)  # one that changed would close the drawer
    drawer = st.expander(label, key=f"topic-{held['id']}-{topic}", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        named = [p | {"written_name": desk.who(p["written_name"], p["by_agency"])} for p in posts]
        st.html(conference_marks.thread(named, desk.lang))
        if held["status"] == "open" and takes_part(held, desk.me["role"]):
            _write(desk, held["id"], topic)


def _write(desk: Desk, conference_id: str, topic: str) -> None:
    number = round_of(FORM, topic)
    key = f"text-{topic}-{number}"
    fields = {key: kept_words.name_of("say", conference_id, topic, "text")}
    kept_words.begin(desk, fields)
    with st.form(f"say-{topic}", border=False):
        text = st.text_area(desk.say("room.say"), key=key, max_chars=5000)
        kind = st.segmented_control(
            desk.say("room.kind"),
            KINDS,
            default="comment",
            required=True,
            key=f"kind-{topic}-{number}",
            format_func=lambda k: desk.say(f"post.{k}"),
        )
        kept_words.watch(desk, fields)
        sent = st.form_submit_button(desk.say("room.send"), icon=":material/send:")
    if sent and text.strip():
        with kindly(desk):
            body = {"topic": topic, "kind": kind, "text": text.strip()}
            desk.api.post(f"/conferences/{conference_id}/posts", body)
            next_round(FORM, topic)
            kept_words.forget(desk, "say", conference_id, topic, "")
            st.rerun()


def _sentences(desk: Desk, held: dict[str, Any]) -> None:
    """Threads on sentences of the plan; the plan is fetched when somebody looks for one."""
    drawer = st.expander(f"**{desk.say('room.sentences')}**", key="sentences", on_change="rerun")
    if not drawer.open:
        return
    with drawer, kindly(desk):
        version = desk.api.get(f"/plans/{held['version_id']}")
        told = dict(_said(version["content"]))
        talked = {p["topic"] for p in held["posts"]} & told.keys()
        for topic in (t for t in told if t in talked):
            _topic(desk, held, topic, told[topic])
        if held["status"] != "open" or not takes_part(held, desk.me["role"]):
            return
        chosen = st.selectbox(
            desk.say("room.sentence"),
            [t for t in told if t not in talked],
            index=None,
            format_func=lambda t: told[t],
            key="sentence_chosen",
        )
        if chosen:
            _write(desk, held["id"], chosen)


def _said(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not content.get("assessment"):  # withheld from this profession
        content = content | {"assessment": EMPTY}
    for _, lines in sections(content):
        for line in lines:
            yield line["sentence"]["id"], line["sentence"]["text"]


EMPTY: dict[str, list[Any]] = {
    part: [] for part in ("risks", "facts", "strengths", "needs", "formulation", "missing")
}
