"""Parts that a plan owes, counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evals.completeness import completeness
from planner.schemas import Action, Assessment, Draft, Goal, Ink, Plan, Problem, Risk, Sentence
from runtime.clock import now

SAID = Sentence(id="s1", text="คำ", ink=Ink.FRAME)
ACTION = Action(
    id="a1", codes=("VIO-01",), sentence=SAID, responsible=("police",), within="1h", due=now()
)
GOAL = Goal(
    id="g1",
    codes=("VIO-01",),
    sentence=SAID,
    horizon="7d",
    indicator=SAID,
    review_on=date(2026, 1, 1),
    actions=(ACTION,),
)
PROBLEM = Problem(code="VIO-01", label_th="x", urgency="24h", goals=(GOAL,))
RISK = Risk(
    id="RF01", level="24h", sentence=SAID, response=SAID, due=now(), responsible=("police",)
)


def draft(assessment: dict[str, Any], plan: dict[str, Any]) -> Draft:
    """A draft of some parts."""
    return Draft(
        engine="composer",
        narrative_sha256="",
        knowledge_version="",
        as_of=date(2026, 1, 1),
        codes=(),
        urgency="24h",
        urgency_reason="",
        red_flags=(),
        assessment=Assessment(**assessment),
        plan=Plan(**plan),
    )


def test_nothing_is_0_and_everything_is_1() -> None:
    assert completeness(draft({}, {})) == 0
    told = {"facts": (SAID,), "formulation": (SAID,), "missing": (SAID,), "risks": (RISK,)}
    whole = {"problems": (PROBLEM,), "consent": (SAID,), "review": (SAID,)}
    assert completeness(draft(told, whole)) == 1


def test_what_is_absent_counts_one_part_each() -> None:
    """Of 6 parts of the whole, 1 of the problem, 3 of the goal and 2 of the action, 6 stand."""
    nobody = ACTION.model_copy(update={"responsible": (), "due": None})
    goal = GOAL.model_copy(update={"review_on": None, "actions": (nobody,)})
    problem = PROBLEM.model_copy(update={"goals": (goal,)})
    found = completeness(draft({"facts": (SAID,), "missing": (SAID,)}, {"problems": (problem,)}))
    assert found == pytest.approx(6 / 12)


def test_a_problem_without_goal_or_reason_is_incomplete() -> None:
    bare = PROBLEM.model_copy(update={"goals": ()})
    reason = bare.model_copy(update={"no_goal_reason": SAID})
    assert completeness(draft({}, {"problems": (bare,)})) == pytest.approx(1 / 7)
    assert completeness(draft({}, {"problems": (reason,)})) == pytest.approx(2 / 7)
    with pytest.raises(AttributeError):
        completeness(None)  # type: ignore[arg-type]
