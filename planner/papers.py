"""Form text around the plan: questions for the team, papers, consent, review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from planner.brief import Brief
from planner.ledger import Ledger
from planner.schemas import Sentence
from planner.wording import say
from runtime.thai_dates import show_date

TEAM_ALL, PAPERS_ALL = 8, 10
REVIEW_DAYS = 14


def team(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """Questions for each profession of the team, one profession's questions together."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for problem in brief.problems:
        for question in brief.library.interventions[problem.code].mdt:
            asked.setdefault(question.who, []).append((problem.code, question.asks_th))
    for who, questions in list(asked.items())[:TEAM_ALL]:
        for code, asks in questions[:2]:
            text = brief.fill(asks, brief.as_of, code)
            role = brief.library.roles[who].th
            yield ledger.frame(say("mdt", role=role, asks=text), origin=code)


def documents(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """The papers these problems need."""
    wanted = dict.fromkeys(
        d for p in brief.problems for d in brief.library.interventions[p.code].documents
    )
    for reference in list(wanted)[:PAPERS_ALL]:
        name = brief.library.documents[reference].name_th
        yield ledger.frame(say("document", name=name), [reference], origin=reference)


def consent(ledger: Ledger) -> Iterator[Sentence]:
    """The consent to ask for, as form text."""
    for name in ("consent.service", "consent.withdraw", "consent.duty"):
        yield ledger.frame(say(name), ["practice:consent"], origin="form")


def review(brief: Brief, ledger: Ledger) -> Sentence:
    """When the whole plan is looked at again."""
    day = (brief.received_at + timedelta(days=REVIEW_DAYS)).date()
    text = say("review.whole", date=show_date(day))
    return ledger.frame(text, ["practice:reassessment"], origin="form")
