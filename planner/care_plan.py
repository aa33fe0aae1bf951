"""The care plan: goals and actions from the library, merged across problems, kept bearable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from intake.schemas import CodedProblem, Role
from knowledge_base.conditions import NEGATION, holds, value
from knowledge_base.interventions import Action as LibraryAction
from knowledge_base.interventions import Goal as LibraryGoal
from knowledge_base.truth import Truth
from knowledge_base.words import words
from planner.assessment import approach
from planner.brief import Brief
from planner.ledger import Ledger
from planner.periods import HORIZON, after, hours
from planner.schemas import Action, Badge, Goal, Problem, Sentence
from planner.wording import say

OPEN_AT_ONCE = 12
MOST = {Role.PRIMARY: 16, Role.SECONDARY: 7, Role.SUSPECTED: 4}
ALIKE = 0.72


@dataclass(frozen=True)
class Choice:
    """An action of the library that fits this person, not yet written."""

    problem: CodedProblem
    action: LibraryAction
    truth: Truth
    codes: tuple[str, ...]
    rank: int


def write_problems(brief: Brief, ledger: Ledger) -> tuple[Problem, ...]:
    """Every problem with its goals; each with actions or the reason why it has none."""
    choices = _merged(list(_choices(brief)))
    states = _states(choices)
    written = []
    for problem in brief.problems:
        own = [c for c in choices if c.problem.code == problem.code]
        goals = tuple(_goals(brief, ledger, problem, own, states))
        written.append(_problem(brief, ledger, problem, goals))
    return tuple(written)


def _problem(
    brief: Brief, ledger: Ledger, problem: CodedProblem, goals: tuple[Goal, ...]
) -> Problem:
    reason = None
    if not goals:
        reason = ledger.frame(say("no_goal", label=problem.label_th))
    return Problem(
        code=problem.code,
        label_th=problem.label_th,
        urgency=brief.library.codebook.codes[problem.code].urgency_default,
        goals=goals,
        no_goal_reason=reason,
    )


def _choices(brief: Brief) -> Iterator[Choice]:
    for rank, problem in enumerate(brief.problems):
        fitting = [
            (action, truth)
            for action in brief.library.interventions[problem.code].actions
            if (truth := holds(action.conditions, brief.known)) is not Truth.FALSE
        ]
        fitting.sort(key=lambda pair: (pair[1] is Truth.UNKNOWN, hours(pair[0].when)))
        for action, truth in fitting[: MOST[problem.role]]:
            yield Choice(problem, action, truth, (problem.code,), rank)


def _merged(choices: list[Choice]) -> list[Choice]:
    kept: list[Choice] = []
    bags: list[frozenset[str]] = []
    for choice in choices:
        bag = frozenset(words(choice.action.text_th))
        twin = next((i for i, other in enumerate(bags) if _alike(bag, other)), None)
        if twin is None:
            kept.append(choice)
            bags.append(bag)
        elif choice.problem.code not in kept[twin].codes:
            kept[twin] = replace(kept[twin], codes=(*kept[twin].codes, choice.problem.code))
    return kept


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) / max(1, min(len(one), len(other))) >= ALIKE and (
        len(one & other) / max(1, len(one | other)) >= ALIKE - 0.2
    )


def _states(choices: list[Choice]) -> dict[str, str]:
    """Open for the most pressing dozen that is certain, ask for the uncertain, else scheduled."""
    certain = [c for c in choices if c.truth is Truth.TRUE]
    certain.sort(key=lambda c: (hours(c.action.when), c.rank))
    opened = {c.action.id for c in certain[:OPEN_AT_ONCE]}
    return {
        c.action.id: "open"
        if c.action.id in opened
        else "ask"
        if c.truth is Truth.UNKNOWN
        else "scheduled"
        for c in choices
    }


def _goals(
    brief: Brief,
    ledger: Ledger,
    problem: CodedProblem,
    choices: list[Choice],
    states: dict[str, str],
) -> Iterator[Goal]:
    for goal in brief.library.interventions[problem.code].goals:
        own = [c for c in choices if c.action.goal == goal.id]
        if own:
            yield _goal(brief, ledger, problem, goal, own, states)


def _goal(
    brief: Brief,
    ledger: Ledger,
    problem: CodedProblem,
    goal: LibraryGoal,
    choices: list[Choice],
    states: dict[str, str],
) -> Goal:
    due = after(brief.received_at, HORIZON[goal.horizon]).date()
    ground = {
        "spans": problem.spans[:2],
        "citations": [approach(problem.code)],
        "badge": Badge.PROPOSAL,
        "origin": goal.id,
    }
    aim = ledger.inferred(brief.fill(goal.text_th, due), **ground)  # type: ignore[arg-type]
    sign = ledger.inferred(
        brief.fill(goal.indicator_th, due),
        parents=[aim.id],
        **ground,  # type: ignore[arg-type]
    )
    return Goal(
        id=goal.id,
        codes=tuple(dict.fromkeys(code for c in choices for code in c.codes)),
        sentence=aim,
        horizon=goal.horizon,
        indicator=sign,
        review_on=(brief.received_at + timedelta(hours=hours(goal.review))).date(),
        actions=tuple(_action(brief, ledger, c, states[c.action.id]) for c in choices),
    )


def _action(brief: Brief, ledger: Ledger, choice: Choice, state: str) -> Action:
    due = after(brief.received_at, choice.action.when)
    text = brief.fill(choice.action.text_th, due.date())
    sentence = ledger.action(choice.action, text, choice.problem.spans[:2])
    return Action(
        id=choice.action.id,
        codes=choice.codes,
        sentence=sentence,
        responsible=choice.action.who,
        within=choice.action.when,
        due=due,
        state=state,
        question=_question(brief, ledger, choice),
        documents=tuple(c for c in choice.action.cites if c.startswith("doc:")),
    )


def _question(brief: Brief, ledger: Ledger, choice: Choice) -> Sentence | None:
    for reference in choice.action.conditions:
        if value(reference, brief.known) is Truth.UNKNOWN:
            known = reference in brief.library.conditions
            condition = brief.library.conditions[
                reference if known else reference.removeprefix(NEGATION)
            ]
            return ledger.frame(brief.fill(condition.known_by.ask_th, brief.as_of))
    return None
