"""The care plan: each problem with its goals, indicators and the actions that serve them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from intake.schemas import CodedProblem, Role
from knowledge_base.interventions import Goal as LibraryGoal
from knowledge_base.truth import Truth
from planner.answered import still_open
from planner.brief import Brief
from planner.choices import Choice, Chosen
from planner.ledger import Ledger
from planner.likeness import bag, overlap
from planner.origins import approach
from planner.periods import HORIZON, after, hours
from planner.questions import unknown
from planner.refusals import question as refused
from planner.schemas import Action, Badge, Goal, Problem, Sentence
from planner.steps import PREFIX, case_goal
from planner.wording import say

CARE_PLAN = "practice:care-plan"
STATES = ("open", "ask", "scheduled")
OF_WHOM = "child_in_home"
QUESTIONS = 2  # of a suspected problem


def write_problems(brief: Brief, ledger: Ledger, chosen: Chosen) -> tuple[Problem, ...]:
    """Every problem with its goals; each with actions or the reason why it has none."""
    return tuple(_problem(brief, ledger, p, chosen) for p in brief.problems)


def _problem(brief: Brief, ledger: Ledger, problem: CodedProblem, chosen: Chosen) -> Problem:
    goals = tuple(_goals(brief, ledger, problem, chosen))
    reason = None
    if not goals:
        met = any(problem.code in c.codes for c in chosen.choices)
        name = "no_goal" if met else "no_goal.none"
        reason = ledger.frame(say(name, label=problem.label_th), origin=problem.code)
    return Problem(
        code=problem.code,
        label_th=problem.label_th,
        urgency=brief.library.codebook.codes[problem.code].urgency_default,
        find_out_first=tuple(_to_find_out(brief, ledger, problem)),
        goals=goals,
        no_goal_reason=reason,
    )


def _to_find_out(brief: Brief, ledger: Ledger, problem: CodedProblem) -> Iterator[Sentence]:
    """What marks a suspected problem as one to find out about, and the questions to ask."""
    if problem.role is not Role.SUSPECTED:
        return
    yield ledger.frame(say("find_out", label=problem.label_th), origin=problem.code)
    for question in brief.library.interventions[problem.code].assess[:QUESTIONS]:
        text = brief.fill(question.q_th, brief.as_of, problem.code)
        yield ledger.frame(text, origin="question")


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
    begun = brief.begun(problem.spans)
    due = after(begun, HORIZON[goal.horizon]).date()
    aim, sign = _aim(brief, ledger, problem, goal)
    choices.sort(key=lambda c: (STATES.index(states[c.action.id]), hours(c.action.when)))
    return Goal(
        id=goal.id,
        codes=tuple(dict.fromkeys(code for c in choices for code in c.codes)),
        sentence=aim,
        horizon=goal.horizon,
        indicator=sign,
        review_on=min(due, (begun + timedelta(hours=hours(goal.review))).date()),
        actions=tuple(_action(brief, ledger, c, states[c.action.id]) for c in choices),
    )


def _aim(
    brief: Brief, ledger: Ledger, problem: CodedProblem, goal: LibraryGoal
) -> tuple[Sentence, Sentence]:
    """The goal and the sign that it is reached."""
    due = after(brief.begun(problem.spans), HORIZON[goal.horizon]).date()
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
    due = after(brief.begun(choice.problem.spans), choice.action.when)
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
    """What to ask before this action: it was refused, or its problem or conditions are not sure."""
    if choice.refusal:
        return ledger.frame(refused(choice.refusal), origin="refusal")
    if not choice.is_sure:
        return _nearest(brief, ledger, choice)
    conditions = unknown(brief, choice.action)
    for condition in conditions:
        asked = still_open(brief, brief.library.conditions[condition].known_by.ask_th)
        if asked:
            return ledger.frame(
                brief.fill(asked, brief.as_of, choice.problem.code), origin=f"condition:{condition}"
            )
    if conditions:
        return _nearest(brief, ledger, choice)
    return _of_whom(brief, ledger) if choice.truth is not Truth.TRUE else None


def _nearest(brief: Brief, ledger: Ledger, choice: Choice) -> Sentence:
    """The question of the problem's assessment that is nearest to an action, an open one first."""
    questions = [q.q_th for q in brief.library.interventions[choice.problem.code].assess]
    words = bag(choice.action.text_th)
    left = [q for q in questions if still_open(brief, q)] or questions
    asked = max(left, key=lambda q: overlap(words, bag(q)))
    return ledger.frame(brief.fill(asked, brief.as_of, choice.problem.code), origin="question")


def _of_whom(brief: Brief, ledger: Ledger) -> Sentence:
    """What to ask before an action that speaks of a child nobody told of."""
    asked = brief.library.conditions[OF_WHOM].known_by.ask_th
    return ledger.frame(brief.fill(asked, brief.as_of), origin=f"condition:{OF_WHOM}")
