"""How complete a draft is in form: whether every part that a plan owes is filled in.

It says nothing about whether what stands there is right or enough; coverage of an expert's elements
says that. A part is owed for every problem, goal, action and danger, and once for the whole plan.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.schemas import Action, Draft, Goal, Problem, Risk


def completeness(draft: Draft) -> float:
    """Filled parts of all parts that are owed, 0-1."""
    owed = [*_whole(draft), *(part for p in draft.plan.problems for part in _problem(p))]
    owed += [part for risk in draft.assessment.risks for part in _risk(risk)]
    return sum(owed) / len(owed)


def _whole(draft: Draft) -> Iterator[bool]:
    """Facts, how they hang together, what is to be asked, problems, consent and review."""
    assessment, plan = draft.assessment, draft.plan
    yield bool(assessment.facts)
    yield bool(assessment.formulation)
    yield bool(assessment.missing)
    yield bool(plan.problems)
    yield bool(plan.consent)
    yield bool(plan.review)
    if draft.red_flags:
        yield bool(plan.safety)


def _problem(problem: Problem) -> Iterator[bool]:
    """A goal, the questions of a suspicion, or why there is neither; and the goals' own parts."""
    yield bool(problem.goals or problem.find_out_first or problem.no_goal_reason)
    for goal in problem.goals:
        yield from _goal(goal)


def _goal(goal: Goal) -> Iterator[bool]:
    """How it is measured, when it is looked at again, what is done; who does each, by when."""
    yield bool(goal.indicator.text)
    yield goal.review_on is not None
    yield bool(goal.actions)
    for action in goal.actions:
        yield from _action(action)


def _action(action: Action) -> Iterator[bool]:
    yield bool(action.responsible)
    yield action.due is not None or action.question is not None or action.state == "scheduled"


def _risk(risk: Risk) -> Iterator[bool]:
    yield bool(risk.response.text)
    yield bool(risk.responsible)
    yield risk.due is not None
