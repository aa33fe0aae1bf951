"""Time limits the problems may trigger; an unknown start asks instead of guessing."""

from __future__ import annotations

from collections.abc import Iterator

from intake.schemas import CodedProblem
from knowledge_base.interventions import Deadline as LibraryDeadline
from planner.brief import Brief
from planner.ledger import Ledger, practice_badge
from planner.likeness import alike, bag
from planner.periods import after
from planner.schemas import Badge, Deadline, Sentence
from planner.wording import say

KNOWN_START = "report_received"


def deadlines(brief: Brief, ledger: Ledger) -> Iterator[Deadline]:
    """Each limit of the library once, statutory only where a verified section sets it.

    Limits of one start stand together, and the first asks when it was.
    """
    asked: set[str] = set()
    found = list(_found(brief, ledger))
    starts = list(dict.fromkeys(d.start for d in found))
    for deadline in sorted(found, key=lambda d: starts.index(d.start)):
        repeats = deadline.start in asked
        asked.add(deadline.start)
        yield deadline.model_copy(update={"question": None}) if repeats else deadline


def _found(brief: Brief, ledger: Ledger) -> Iterator[Deadline]:
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    said: list[frozenset[str]] = []
    for problem in brief.problems:
        for limit in brief.library.interventions[problem.code].deadlines:
            key = (limit.start, limit.within, limit.cites)
            words = bag(limit.duty_th)
            if key in seen or any(alike(words, other) for other in said):
                continue
            seen.add(key)
            said.append(words)
            yield _deadline(brief, ledger, problem, limit, len(seen))


def _deadline(
    brief: Brief, ledger: Ledger, problem: CodedProblem, limit: LibraryDeadline, number: int
) -> Deadline:
    known = limit.start == KNOWN_START
    start = brief.library.starts[limit.start].th
    question = None
    if not known:
        question = ledger.frame(say("deadline.ask", start=start), origin=f"start:{limit.start}")
    return Deadline(
        id=f"{problem.code}.d{number}",
        start=limit.start,
        within=limit.within,
        bound=limit.bound,
        statutory=limit.statutory and ledger.is_verified(limit.cites),
        due=after(brief.begun(problem.spans), limit.within) if known else None,
        duty=_duty(brief, ledger, problem, limit),
        question=question,
    )


def _duty(brief: Brief, ledger: Ledger, problem: CodedProblem, limit: LibraryDeadline) -> Sentence:
    text = brief.fill(say("deadline.known", duty=limit.duty_th), brief.as_of, problem.code)
    if limit.statutory and ledger.is_verified(limit.cites):
        return ledger.rule(text, limit.cites, problem.code)
    return ledger.inferred(
        text,
        spans=problem.spans[:1],
        citations=limit.cites,
        badge=Badge.TO_BE_CHECKED if limit.statutory else practice_badge("P"),
        origin=problem.code,
    )
