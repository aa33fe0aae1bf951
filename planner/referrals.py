"""Whom the plan asks for help: one referral an agency, from the actions it is to carry out."""

from __future__ import annotations

from collections.abc import Iterator

from planner.brief import Brief
from planner.ledger import Ledger
from planner.schemas import Action, Problem, Referral
from planner.wording import listed, say
from runtime.thai_dates import show_date

OWN = frozenset({"client", "family", "social_worker_province"})  # no letter goes to these
LETTER = "doc:3"
LABELS_ALL, URGENT_H = 3, 24


def referrals(brief: Brief, ledger: Ledger, problems: tuple[Problem, ...]) -> Iterator[Referral]:
    """Agencies in order of their first due action; suspected-only and later steps wait."""
    wanted: dict[str, list[Action]] = {}
    for action in (a for p in problems for g in p.goals for a in g.actions):
        for role in action.responsible:
            if role not in OWN and action.state == "open":
                wanted.setdefault(role, []).append(action)
    for role, actions in sorted(wanted.items(), key=lambda item: _first(item[1])):
        yield _referral(brief, ledger, role, actions)


def _first(actions: list[Action]) -> float:
    return min(a.due.timestamp() if a.due else float("inf") for a in actions)


def _referral(brief: Brief, ledger: Ledger, role: str, actions: list[Action]) -> Referral:
    codes = tuple(dict.fromkeys(c for a in actions for c in a.codes))
    due = min((a.due for a in actions if a.due), default=None)
    hours = (due - brief.received_at).total_seconds() / 3600 if due else None
    name = "referral.urgent" if hours is not None and hours <= URGENT_H else "referral"
    text = say(
        name,
        role=brief.library.roles[role].th,
        labels=listed(brief.library.codebook.label(c) for c in codes[:LABELS_ALL]),
        date=show_date(due.date()) if due else "",
    )
    papers = tuple(dict.fromkeys([LETTER, *(d for a in actions for d in a.documents)]))
    return Referral(
        to=role,
        codes=codes,
        actions=tuple(a.id for a in actions),
        due=due,
        sentence=ledger.frame(text, [LETTER, "practice:warm-handover"], origin="form"),
        documents=papers,
    )
