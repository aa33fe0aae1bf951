"""The safety plan for whoever may come to harm, and what this plan must never do."""

from __future__ import annotations

from collections.abc import Iterator

from intake.schemas import CodedProblem, Role
from knowledge_base.interventions import MustNot
from planner.brief import Brief
from planner.choices import Chosen
from planner.ledger import Ledger
from planner.likeness import alike, bag
from planner.origins import AND, approach
from planner.schemas import Badge, Sentence
from planner.wording import say

SAFETY_DOMAINS = frozenset({"D01", "D02", "D03", "D08"})
SAFETY_ALL, WARNINGS_ALL = 10, 14
SAFETY = {Role.PRIMARY: 6, Role.SECONDARY: 2, Role.SUSPECTED: 1}
WARNINGS = {Role.PRIMARY: 8, Role.SECONDARY: 3, Role.SUSPECTED: 2}


def safety(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """The steps of the safety plan, where someone may come to harm."""
    if not brief.coded.red_flags and not any(_harmful(brief, p) for p in brief.problems):
        return
    for problem, line in _fresh(_lines(brief), SAFETY_ALL):
        yield ledger.inferred(
            line,
            spans=problem.spans[:1],
            citations=["practice:safety-plan", approach(problem.code)],
            badge=Badge.PROPOSAL,
            origin=problem.code,
        )


def warnings(brief: Brief, ledger: Ledger, chosen: Chosen) -> Iterator[Sentence]:
    """What the library forbids for these problems, with its reasons, and what was kept out."""
    for problem, text in _fresh(_bans(brief), WARNINGS_ALL):
        yield _warning(ledger, problem, text)
    by_code = {p.code: p for p in brief.problems}
    for action, code in chosen.banned:
        label = brief.library.codebook.label(code)
        text = brief.fill(action.text_th, brief.as_of, action.id.split(".")[0])
        said = say("warning.left_out", text=text, label=label)
        yield _warning(ledger, by_code[code], said, f"{code}{AND}{action.id}")


def _warning(
    ledger: Ledger, problem: CodedProblem, text: str, origin: str | None = None
) -> Sentence:
    return ledger.inferred(
        text,
        spans=problem.spans[:1],
        citations=[approach(problem.code)],
        badge=Badge.PROPOSAL,
        origin=origin or problem.code,
    )


def _lines(brief: Brief) -> Iterator[tuple[CodedProblem, str]]:
    for problem in brief.problems:
        lines = brief.library.interventions[problem.code].safety_th
        for line in lines[: SAFETY[problem.role]]:
            yield problem, brief.fill(line, brief.as_of, problem.code)


def _bans(brief: Brief) -> Iterator[tuple[CodedProblem, str]]:
    for problem in brief.problems:
        bans = brief.library.interventions[problem.code].must_not
        for ban in bans[: WARNINGS[problem.role]]:
            yield problem, brief.fill(_ban(ban), brief.as_of, problem.code)


def _ban(ban: MustNot) -> str:
    name = "warning.unless" if ban.unless_th else "warning"
    return say(name, text=ban.text_th, why=ban.why_th, unless=ban.unless_th or "")


def _fresh(
    rows: Iterator[tuple[CodedProblem, str]], most: int
) -> Iterator[tuple[CodedProblem, str]]:
    """The first of each kind of sentence, up to ``most``."""
    bags: list[frozenset[str]] = []
    for problem, text in rows:
        words = bag(text)
        if len(bags) < most and not any(alike(words, other) for other in bags):
            bags.append(words)
            yield problem, text


def _harmful(brief: Brief, problem: CodedProblem) -> bool:
    return brief.library.codebook.codes[problem.code].domain in SAFETY_DOMAINS
