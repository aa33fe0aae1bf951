"""Steps that belong to no single problem: when to be in time, how to reach people, whom to shield.

The library speaks code by code; these few steps (``templates/steps.yaml``) open by words of the
story, by domains, by conditions or by urgency, and hang on a goal of their own under the first
problem. They are proposals of practice and cite practice topics.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from intake.schemas import Role, Span
from knowledge_base.interventions import Action, Goal
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.wording import listed, read_words

PREFIX = "case."
QUOTE = 70  # letters of a quote inside a step


@dataclass(frozen=True)
class Step:
    """One step that applies, its words filled in, and the words of the story that opened it."""

    action: Action
    spans: tuple[Span, ...]


@cache
def case_goal() -> Goal:
    """The goal the steps serve."""
    return Goal.model_validate(read_words("steps")["goal"])


@cache
def case_actions() -> dict[str, Action]:
    """The steps as actions of practice, by id, their places still open."""
    return {row["id"]: _action(row, row["text_th"]) for row in read_words("steps")["steps"]}


def steps(brief: Brief) -> list[Step]:
    """The steps that apply to a case."""
    found = [_step(brief, row) for row in read_words("steps")["steps"]]
    return [step for step in found if step]


def _step(brief: Brief, row: dict[str, Any]) -> Step | None:
    if row.get("age") == "child" and brief.known["child"] is Truth.FALSE:
        return None
    cues = [c.span for c in brief.cues if c.kind in row.get("cues", ())]
    suspected = [p for p in brief.problems if p.role is Role.SUSPECTED]
    opened = cues or (row.get("suspected") and suspected) or _applies(brief, row)
    if not opened or ("{quote}" in row["text_th"] and not cues):
        return None
    quote = _quote(brief, cues[0]) if cues else ()
    labels = listed(brief.topic(p.code) for p in suspected)
    text = row["text_th"].replace("{quote}", "".join(s.text for s in quote))
    return Step(_action(row, text.replace("{labels}", labels)), quote)


def _applies(brief: Brief, row: dict[str, Any]) -> bool:
    codes = {p.code for p in brief.problems if p.role is not Role.SUSPECTED}
    domains = {brief.library.codebook.codes[c].domain for c in codes}
    return bool(
        row.get("level") == brief.coded.urgency.level
        or codes & set(row.get("codes", ()))
        or domains & set(row.get("domains", ()))
        or any(brief.known[c] is Truth.TRUE for c in row.get("conditions", ()))
    )


def _quote(brief: Brief, span: Span) -> tuple[Span, ...]:
    clause = brief.clause(span)
    return (clause if len(clause.text) <= QUOTE else span,)


def _action(row: dict[str, Any], text: str) -> Action:
    fields = {k: row[k] for k in ("id", "who", "when", "cites")}
    goal = case_goal().id
    return Action(**fields, goal=goal, text_th=text, ink="practice", confidence="P")
