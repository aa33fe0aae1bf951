"""What was considered and is not proposed now, with the reason, so that a team can disagree."""

from __future__ import annotations

from collections.abc import Iterator

from intake.schemas import CodedProblem, Role
from knowledge_base.conditions import NEGATION, value
from knowledge_base.interventions import Action
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.choices import Chosen
from planner.ledger import Ledger
from planner.schemas import Problem, Sentence
from planner.wording import say

EACH, ALL = 2, 8


def alternatives(
    brief: Brief, ledger: Ledger, chosen: Chosen, problems: tuple[Problem, ...]
) -> Iterator[Sentence]:
    """The nearest actions left out of each sure problem, then how many more the library has."""
    kept = {a.id for p in problems for g in p.goals for a in g.actions}
    merged = {code for c in chosen.choices for code in c.codes}
    bans = {action.id: code for action, code in chosen.banned}
    told = 0
    for problem in brief.problems:
        actions = brief.library.interventions[problem.code].actions
        left = [a for a in actions if a.id not in kept]
        left.sort(key=lambda a: -brief.relevance.of(a.text_th))
        if problem.role is not Role.SUSPECTED and problem.code in merged:
            for action in left[:EACH]:
                if told < ALL:
                    told += 1
                    yield _left(brief, ledger, problem, action, bans)
        if len(left) > EACH:
            more = say("alternatives.more", count=str(len(left)), label=problem.label_th)
            yield ledger.frame(more, origin="form")


def _left(
    brief: Brief, ledger: Ledger, problem: CodedProblem, action: Action, bans: dict[str, str]
) -> Sentence:
    text = brief.fill(action.text_th, brief.as_of, problem.code)
    why = _why(brief, problem, action, bans)
    return ledger.frame(say("alternatives.left", text=text, why=why), origin=action.id)


def _why(brief: Brief, problem: CodedProblem, action: Action, bans: dict[str, str]) -> str:
    if action.id in bans:
        label = brief.library.codebook.label(bans[action.id])
        return say("alternatives.banned", label=label)
    known = brief.known_of(problem.code)
    for reference in action.conditions:
        if value(reference, known) is Truth.FALSE and reference in brief.library.conditions:
            th = brief.library.conditions[reference.removeprefix(NEGATION)].th
            return say("alternatives.condition", condition=th)
    return say("alternatives.later")
