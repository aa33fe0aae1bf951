"""What is still to be asked: the few questions that decide most, never more than a visit holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from intake.schemas import CodedProblem, Role
from knowledge_base.conditions import NEGATION, value
from knowledge_base.interventions import Action
from knowledge_base.truth import Truth
from planner.answered import still_open, subjects
from planner.brief import Brief
from planner.ledger import Ledger
from planner.likeness import alike, bag, overlap
from planner.periods import hours
from planner.schemas import Sentence
from planner.wording import say, templates

ASKED = {Role.PRIMARY: 5, Role.SECONDARY: 1, Role.SUSPECTED: 1}
WEIGHT = {Role.PRIMARY: 3.0, Role.SECONDARY: 2.0, Role.SUSPECTED: 0.5}
QUESTIONS_ALL, CONDITIONS_ALL = 12, 4
SOON = 72
WITHIN = 0.8  # share of a short question's words that a kept one has


def missing(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """What was not judged in full, questions of the assessment, then gaps in the sources."""
    for part in brief.coded.by_rules_alone:
        yield ledger.frame(say(f"missing.by_rules_alone.{part}"), origin="coder")
    for question in _questions(brief):
        yield ledger.frame(say("missing.question", question=question), origin="question")
    for code, kinds in brief.evidence_gaps.items():
        label = brief.library.codebook.label(code)
        for kind in kinds:
            text = say("missing.source", kind=say(f"kind.{kind}"), label=label)
            yield ledger.frame(text, origin=code)


def _questions(brief: Brief) -> list[str]:
    kept: list[str] = []
    asked = (brief.library.conditions[c].known_by.ask_th for c in _deciding(brief))
    conditions = islice(filter(None, (still_open(brief, q) for q in asked)), CONDITIONS_ALL)
    for question in [*_assess(brief, first=True), *conditions, *_assess(brief, first=False)]:
        if len(kept) < QUESTIONS_ALL and not any(_repeats(question, other) for other in kept):
            kept.append(question)
    return kept


def _assess(brief: Brief, *, first: bool) -> list[str]:
    """The primary problem's questions (``first``), else those of the other problems.

    What the story answers is not asked: the next question of the problem takes its place.
    """
    return [
        question
        for p in brief.problems
        if (p is brief.problems[0]) is first
        for question in islice(_open(brief, p), ASKED[p.role])
    ]


def _open(brief: Brief, problem: CodedProblem) -> Iterator[str]:
    """The questions of a problem that the story leaves open."""
    for row in brief.library.interventions[problem.code].assess:
        question = still_open(brief, brief.fill(row.q_th, brief.as_of, problem.code))
        if question:
            yield question


def _repeats(question: str, other: str) -> bool:
    """Whether a question asks what a longer or like one asks already."""
    words, before, about = bag(question), bag(other), subjects(question)
    return (
        alike(words, before)
        or overlap(words, before) >= WITHIN
        or (bool(about) and about <= subjects(other))
    )


def _deciding(brief: Brief) -> list[str]:
    """Unknown conditions, those that hold back the most pressing actions first."""
    wanted: Counter[str] = Counter()
    for problem in brief.problems:
        for action in brief.library.interventions[problem.code].actions:
            for condition in unknown(brief, action):
                soon = 2.0 if hours(action.when) <= SOON else 1.0
                wanted[condition] += WEIGHT[problem.role] * soon  # type: ignore[assignment]
    later = templates()["question.later"].split()
    return [c for c, _ in wanted.most_common() if c not in later]


def unknown(brief: Brief, action: Action) -> list[str]:
    """Ids of the conditions of an action of which nothing is known."""
    return [
        reference if reference in brief.library.conditions else reference.removeprefix(NEGATION)
        for reference in action.conditions
        if value(reference, brief.known_of(action.id.split(".")[0])) is Truth.UNKNOWN
    ]
