"""The head of a case: who it is about, the risk, the urgency and the step, each with its reason."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import case_story, family, head_marks, marks, own_view
from ui.calendar import moment
from ui.desk import Desk

OWN = "own"
GRAVE = ("high", "very_high")
SHUT = ":material/visibility_off:"
FULL = (OWN, "glass")


def show(desk: Desk, case: dict[str, Any]) -> None:
    """Title and marks in a row, then the four lines; what is kept back is said."""
    title = case["title"] or case["number"]
    st.title(title)
    received = desk.say("cases.received", when=moment(case["received_at"], desk.lang))
    chips = [
        marks.chip(case["number"]) if title != case["number"] else "",
        marks.chip(desk.say("status." + case["status"])),
        marks.chip(received),
    ]
    if case["relation"] != OWN:
        chips.append(marks.chip(desk.say(f"relation.{case['relation']}"), "inferred"))
    newest = max(case["versions"], key=lambda v: v["number"], default=None)
    if newest and newest["told_since"]:
        chips.append(marks.chip(desk.say("story.after_draft"), "danger"))
    told = [_client(desk, case), _risk(desk, case), _urgency(desk, case)]
    if case["relation"] == OWN:  # to others the steps may be closed, and asking leaves a trace
        told.append(_step(desk, case["id"]))
    st.html(f'<div class="cmis-row">{"".join(chips)}</div>{head_marks.lines(told)}')
    _not_shown(desk, case["withheld"])


def _client(desk: Desk, case: dict[str, Any]) -> head_marks.Line:
    about, client = marks.capital(desk.say("part.client")), case.get("client")
    if not client:
        return about, head_marks.quiet(_none(desk, case, "client")), ""
    years = client["identity"]["age_years"]
    told = [desk.say("people.age", years=years)] if years is not None else []
    if client["others"]:
        told.append(desk.say("head.others", count=client["others"]))
    if client["standing"] == "proposed":
        told.append(desk.say("fact.proposed"))
    return about, head_marks.plain(family.name(client, desk.lang)), " · ".join(told)


def _risk(desk: Desk, case: dict[str, Any]) -> head_marks.Line:
    about, risk = desk.say("head.risk"), case.get("risk")
    if not risk:
        return about, head_marks.quiet(_none(desk, case, "risk")), ""
    forms = desk.kept("/entry-forms")["forms"]
    fields = forms[risk["kind"]]["fields"]
    level = str(fields["risk"]["values"][risk["level"]][desk.lang])
    chip = marks.chip(level, "danger" if risk["level"] in GRAVE else "inferred")
    safety = fields["safety"]["values"].get(risk["safety"])
    why = risk["why"] or (safety and str(safety[desk.lang])) or ""
    by = desk.say("head.judged", name=risk["by_name"], when=moment(risk["at"], desk.lang))
    return about, chip, f"{why} · {by}" if why else by


def _urgency(desk: Desk, case: dict[str, Any]) -> head_marks.Line:
    """How soon, and the words or signs that decide it, for whoever reads the codes."""
    level = desk.say(f"urgency.{case['urgency']}")
    urgent = case["urgency"] == "immediate_1h"
    chip = marks.chip(level, "danger" if urgent else "quiet")
    if own_view.folded(desk, case):
        return desk.say("head.urgency"), head_marks.quiet(desk.say("own_view.folded")), ""
    why = case_story.urgency(desk, case["coding"]) if case["coding"] else ""
    return desk.say("head.urgency"), chip, why.partition(": ")[2] or why.removeprefix(level)


def _step(desk: Desk, case_id: str) -> head_marks.Line:
    """Where the case stands, and why."""
    standing = desk.api.get(f"/cases/{case_id}/steps")
    step = next(s for s in standing["steps"] if s["id"] == standing["current"])
    name = desk.say("case.step", number=step["number"], name=step[f"name_{desk.lang}"])
    return desk.say("head.step"), marks.chip(name, "rule"), str(step[f"why_{desk.lang}"])


def _none(desk: Desk, case: dict[str, Any], part: str) -> str:
    """Why a line is empty: not there, or not for this reader, whom nothing tells which."""
    whole = case["relation"] in FULL and part not in case["withheld"]
    return desk.say(f"head.no_{part}" if whole else "head.kept_back")


def _not_shown(desk: Desk, withheld: set[str]) -> None:
    """Say what is kept from this person, so that an empty place is never read as nothing."""
    parts = [name for name in ("title", "narrative", "coding", "versions") if name in withheld]
    if parts:
        named = ", ".join(desk.say(f"withheld.{name}") for name in parts)
        st.info(desk.say("withheld.told", parts=named), icon=SHUT)
