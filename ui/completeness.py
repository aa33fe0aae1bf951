"""How complete a plan is: what has no goal, no date, nobody responsible or no source yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import streamlit as st

from ui import marks
from ui.desk import Desk

Gaps = dict[str, list[str]]


def show(desk: Desk, draft: Mapping[str, Any], decisions: Iterable[Mapping[str, Any]]) -> None:
    """A folded panel with what is missing, or one line that nothing is."""
    found = gaps(draft, decisions, desk.code_name)
    if not found:
        st.caption(f"✓ {desk.say('complete.whole')}")
        return
    total = sum(len(names) for names in found.values())
    counted = desk.say("complete.gaps", count=total)
    with st.expander(f"**{desk.say('complete.title')}** — {counted}"):
        for kind, names in found.items():
            st.markdown(f"**{desk.say(f'complete.{kind}')}**")
            st.html(marks.listing(names))


def gaps(
    draft: Mapping[str, Any],
    decisions: Iterable[Mapping[str, Any]],
    named: Callable[[Mapping[str, Any]], str] = itemgetter("label_th"),
) -> Gaps:
    """What is missing by kind; kinds with nothing missing are left out.

    ``named`` says what a problem is called.
    """
    problems = draft["plan"]["problems"]
    actions = [a for p in problems for g in p["goals"] for a in g["actions"]]
    found = {
        "no_goal": list(_without_goal(draft, decisions, named)),
        "nobody": [a["sentence"]["text"] for a in actions if not a["responsible"]],
        "no_date": [_words(d["duty"]) for d in draft["deadlines"] if d["due"] is None],
        "no_source": [a["sentence"]["text"] for a in actions if not _grounded(a["sentence"])],
        "to_ask": [_words(a["question"]) for a in actions if a["state"] == "ask" and a["question"]],
    }
    return {kind: list(dict.fromkeys(names)) for kind, names in found.items() if names}


def _without_goal(
    draft: Mapping[str, Any],
    decisions: Iterable[Mapping[str, Any]],
    named: Callable[[Mapping[str, Any]], str],
) -> Iterator[str]:
    """Problems the plan has no goal for, and codes people accepted that it does not hold."""
    planned = {p["code"] for p in draft["plan"]["problems"]}
    for problem in draft["plan"]["problems"]:
        if not problem["goals"]:
            yield f"{problem['code']} {named(problem)}"
    for decision in decisions:
        if decision["decision"] in ("accepted", "added") and decision["code"] not in planned:
            yield str(decision["code"])


def _grounded(sentence: Mapping[str, Any]) -> bool:
    """Whether something cited or said stands behind a sentence, directly."""
    cited = any(str(parent).startswith("cite:") for parent in sentence["parents"])
    return bool(cited or sentence["citations"] or sentence["spans"])


def _words(sentence: Mapping[str, Any]) -> str:
    return str(sentence["text"])
