"""The care plan: each problem with its goals, indicators and the actions that serve them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from intake.schemas import CodedProblem
from knowledge_base.interventions import Goal as LibraryGoal
from planner.brief import Brief
from planner.choices import Choice, Chosen
from planner.ledger import Ledger
from planner.origins import approach
from planner.periods import HORIZON, after, hours
from planner.questions import unknown
from planner.schemas import Action, Badge, Goal, Problem, Sentence
from planner.steps import PREFIX, case_goal
from planner.wording import say

CARE_PLAN = "practice:care-plan"
STATES = ("open", "ask", "scheduled")


def write_problems(brief: Brief, ledger: Ledger, chosen: Chosen) -> tuple[Problem, ...]:
    """Every problem with its goals; each with actions or the reason why it has none."""
    return tuple(_problem(brief, ledger, p, chosen) for p in brief.problems)


def _problem(brief: Brief, ledger: Ledger, problem: CodedProblem, chosen: Chosen) -> Problem:
    goals = tuple(_goals(brief, ledger, problem, chosen))
    reason = None
    if not goals:
        reason = ledger.frame(say("no_goal", label=problem.label_th), origin=problem.code)
    return Problem(
        code=problem.code,
        label_th=problem.label_th,
        urgency=brief.library.codebook.codes[problem.code].urgency_default,
        goals=goals,
        no_goal_reason=reason,
    )


def _goals(brief: Brief, ledger: Ledger, problem: CodedProblem, chosen: Chosen) -> Iterator[Goal]:
    goals = brief.library.interventions[problem.code].goals
    for goal in (*goals, case_goal()):
        own = [
            c for c in chosen.choices if c.problem.code == problem.code and c.action.goal == goal.id
        ]
        if own:
            yield _goal(brief, ledger, problem, goal, own, chosen.states)


def _goal(
    brief: Brief,
    ledger: Ledger,
    problem: CodedProblem,
    goal: LibraryGoal,
    choices: list[Choice],
    states: dict[str, str],
) -> Goal:
    due = after(brief.received_at, HORIZON[goal.horizon]).date()
    aim, sign = _aim(brief, ledger, problem, goal)
    choices.sort(key=lambda c: (STATES.index(states[c.action.id]), hours(c.action.when)))
    return Goal(
        id=goal.id,
        codes=tuple(dict.fromkeys(code for c in choices for code in c.codes)),
        sentence=aim,
        horizon=goal.horizon,
        indicator=sign,
        review_on=min(due, (brief.received_at + timedelta(hours=hours(goal.review))).date()),
        actions=tuple(_action(brief, ledger, c, states[c.action.id]) for c in choices),
    )


def _aim(
    brief: Brief, ledger: Ledger, problem: CodedProblem, goal: LibraryGoal
) -> tuple[Sentence, Sentence]:
    """The goal and the sign that it is reached."""
    due = after(brief.received_at, HORIZON[goal.horizon]).date()
    texts = [brief.fill(t, due, problem.code) for t in (goal.text_th, goal.indicator_th)]
    cited = CARE_PLAN if goal.id.startswith(PREFIX) else approach(problem.code)
    aim, sign = (
        ledger.inferred(
            text,
            spans=problem.spans[:2],
            citations=[cited],
            badge=Badge.PROPOSAL,
            origin=goal.id,
        )
        for text in texts
    )
    return aim, sign


def _action(brief: Brief, ledger: Ledger, choice: Choice, state: str) -> Action:
    due = after(brief.received_at, choice.action.when)
    text = brief.fill(choice.action.text_th, due.date(), choice.problem.code)
    return Action(
        id=choice.action.id,
        codes=choice.codes,
        sentence=ledger.action(choice.action, text, choice.spans or choice.problem.spans[:2]),
        responsible=choice.action.who,
        within=choice.action.when,
        due=due,
        state=state,
        question=_question(brief, ledger, choice),
        documents=tuple(c for c in choice.action.cites if c.startswith("doc:")),
    )


def _question(brief: Brief, ledger: Ledger, choice: Choice) -> Sentence | None:
    """What to ask before this action, when its conditions are not all known."""
    for condition in unknown(brief, choice.action):
        asked = brief.library.conditions[condition].known_by.ask_th
        return ledger.frame(
            brief.fill(asked, brief.as_of, choice.problem.code), origin=f"condition:{condition}"
        )
    return None
