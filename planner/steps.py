"""Steps that belong to no single problem: when to be in time, how to reach people, whom to shield.

The library speaks code by code; these few steps (``templates/steps.yaml``) open by words of the
story, by domains, by conditions or by urgency, and hang on a goal of their own under the first
problem. They are proposals of practice and cite practice topics.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from intake.schemas import Span
from knowledge_base.interventions import Action, Goal
from knowledge_base.truth import Truth
from planner import particulars
from planner.brief import Brief
from planner.wording import read_words

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
    rows = [*read_words("steps")["steps"], *(row for _, row in particulars.rows())]
    return {row["id"]: _action(row, row["text_th"]) for row in rows}


def steps(brief: Brief) -> list[Step]:
    """The steps that apply to a case, then those its particulars call for."""
    found: dict[str, Step] = {}
    for row in read_words("steps")["steps"]:
        before = row.get("not_after", [])
        before = [before] if isinstance(before, str) else before
        step = None if any(b in found for b in before) else _step(brief, row)
        if step:
            found[row["id"]] = step
    return [*found.values(), *_particulars(brief)]


def _particulars(brief: Brief) -> list[Step]:
    domains = frozenset(_domains(brief, _codes(brief)))
    child = brief.known["child"] is not Truth.FALSE
    codes = frozenset(p.code for p in brief.problems)
    told = particulars.told(brief.narrative.text, domains, codes, child=child)
    return [Step(_action(r, r["text_th"]), (s,)) for r, s in islice(told, particulars.MOST)]


def _step(brief: Brief, row: dict[str, Any]) -> Step | None:
    cues = [c.span for c in brief.cues if c.kind in row.get("cues", ())]
    if not _passes(brief, row) or not (cues or _applies(brief, row)):
        return None
    if "{quote}" in row["text_th"] and not cues:
        return None
    quote = _quote(brief, cues[0]) if cues else ()
    text = row["text_th"].replace("{quote}", "".join(s.text for s in quote))
    return Step(_action(row, text), quote)


def _passes(brief: Brief, row: dict[str, Any]) -> bool:
    """Whether a step's filters let it through: whose age, which domains, how urgent."""
    if row.get("age") == "child" and brief.known["child"] is Truth.FALSE:
        return False
    codes = _codes(brief)
    if codes & set(row.get("except_codes", ())):
        return False
    for name, held in (("only_domains", _domains(brief, codes)), ("only_codes", codes)):
        wanted = set(row.get(name, ()))
        if wanted and not wanted & held:
            return False
    return brief.coded.urgency.level in row.get("only_levels", (brief.coded.urgency.level,))


def _applies(brief: Brief, row: dict[str, Any]) -> bool:
    codes = _codes(brief)
    doubted = _domains(brief, {p.code for p in brief.suspected})
    return bool(
        row.get("level") == brief.coded.urgency.level
        or doubted & set(row.get("suspected_domains", ()))
        or codes & set(row.get("codes", ()))
        or _domains(brief, codes) & set(row.get("domains", ()))
        or brief.coded.flag_ids() & set(row.get("flags", ()))
        or any(brief.known[c] is Truth.TRUE for c in row.get("conditions", ()))
    )


def _codes(brief: Brief) -> set[str]:
    """The likely problems; where none is likely, the doubtful ones."""
    return {p.code for p in brief.likely or brief.sure or brief.problems}


def _domains(brief: Brief, codes: set[str]) -> set[str]:
    return {brief.library.codebook.codes[c].domain for c in codes}


def _quote(brief: Brief, span: Span) -> tuple[Span, ...]:
    clause = brief.clause(span)
    return (clause if len(clause.text) <= QUOTE else span,)


def _action(row: dict[str, Any], text: str) -> Action:
    fields = {k: row[k] for k in ("id", "who", "when", "cites")}
    goal = case_goal().id
    return Action(**fields, goal=goal, text_th=text, ink="practice", confidence="P")
