"""What a document may be filled in with beforehand: from the case, its newest plan, and who drafts.

Persons are not in here: a name, an id number or an address is written by whoever signs. Of a plan
only what a person approved is written; without an approved plan its places stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cases.decided_words import said
from cases.people import Person
from cases.rows import Row
from intake.schemas import CodedNarrative
from knowledge_base.library import Library
from planner.schemas import Draft
from runtime.clock import now, today
from runtime.thai_dates import show_date, show_datetime

Values = dict[str, tuple[str, ...]]


def case_values(case: Row, story: Row, coding: CodedNarrative, library: Library) -> Values:
    """What the case says."""
    book = library.codebook
    flags = [book.red_flags[f].sign for f in sorted(coding.flag_ids()) if f in book.red_flags]
    urgency = book.urgency_levels.get(case["urgency"])
    return {
        "number": (case["number"],),
        "received": (show_datetime(case["received_at"]),),
        "source": some(story["source"]),
        "story": tuple(part for part in story["text"].splitlines() if part.strip()),
        "problems": tuple(c.label_th for c in coding.codes),
        "red_flags": tuple(flags),
        "urgency": some(urgency.th if urgency else ""),
    }


def person_values(person: Person, role_th: str, card: str | None) -> Values:
    """Who drafts, and today."""
    return {
        "person": (f"{person.name} {role_th}",),
        "agency": (person.agency_th,),
        "today": (show_date(today()),),
        "now": (show_datetime(now()),),
        "card": some(card or ""),
    }


def plan_values(approved: Mapping[str, Any] | None, roles_th: Mapping[str, str]) -> Values:
    """What was approved, in the words that were approved."""
    if approved is None:
        return {}
    draft = Draft.model_validate(approved["content"])
    decisions = approved["decisions"]
    goals = [goal for problem in draft.plan.problems for goal in problem.goals]
    actions = [(a, said(a.sentence, decisions)) for goal in goals for a in goal.actions]
    kept = {action.id for action, words in actions if words}
    reviews = sorted({g.review_on for g in goals if g.review_on})
    return {
        "facts": tuple(_kept(draft.assessment.facts, decisions)),
        "formulation": tuple(_kept(draft.assessment.formulation, decisions)),
        "goals": tuple(_kept([g.sentence for g in goals], decisions)),
        "indicators": tuple(_kept([g.indicator for g in goals], decisions)),
        "actions": tuple(
            " — ".join(filter(None, (words, _who(a.responsible, roles_th), _due(a.due))))
            for a, words in actions
            if words
        ),
        "referrals": tuple(
            roles_th.get(r.to, r.to)
            for r in draft.plan.referrals
            if not r.actions or kept.intersection(r.actions)
        ),
        "questions": tuple(_kept(draft.plan.mdt, decisions)),
        "review": tuple(show_date(day) for day in reviews[:1]),
    }


def _kept(sentences: Any, decisions: Mapping[str, Any]) -> Iterator[str]:
    yield from dict.fromkeys(filter(None, (said(s, decisions) for s in sentences)))


def _who(roles: tuple[str, ...], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(role, role) for role in roles)


def _due(due: Any) -> str:
    return show_date(due, short=True) if due else ""


def some(text: str) -> tuple[str, ...]:
    """A value of one line; none where there are no words."""
    return (text,) if text.strip() else ()
