"""The engine without a model: writes the whole draft from the intervention library."""

from __future__ import annotations

from planner.assessment import write_assessment
from planner.brief import Brief
from planner.care_plan import write_problems
from planner.choices import choose
from planner.deadlines import deadlines
from planner.ledger import Ledger
from planner.papers import consent, documents, review, team
from planner.safety import safety, warnings
from planner.schemas import Assessment, Draft, Plan, Problem
from planner.screening import scheme_verdicts
from planner.wording import say

ENGINE = "composer"


def compose_plan(brief: Brief, ledger: Ledger) -> Plan:
    """Goals and actions, and all that stands beside them."""
    chosen = choose(brief)
    problems = write_problems(brief, ledger, chosen)
    return Plan(
        problems=problems,
        safety=tuple(safety(brief, ledger)),
        consent=tuple(consent(ledger)),
        warnings=tuple(warnings(brief, ledger, chosen)),
        mdt=tuple(team(brief, ledger)),
        documents=tuple(documents(brief, ledger)),
        review=(review(brief, ledger),),
        alternatives=tuple(
            ledger.frame(say("alternatives.more", count=str(count), label=label), origin="form")
            for label, count in _left(brief, problems)
        ),
    )


def compose_assessment(brief: Brief, ledger: Ledger) -> Assessment:
    """The assessment."""
    return write_assessment(brief, ledger)


def compose_draft(brief: Brief, ledger: Ledger, assessment: Assessment, plan: Plan) -> Draft:
    """The parts as one draft, not yet verified."""
    return Draft(
        engine=ENGINE,
        narrative_sha256=brief.narrative.sha256,
        knowledge_version=brief.library.version,
        as_of=brief.as_of,
        received_at=brief.received_at,
        codes=brief.coded.codes,
        urgency=brief.coded.urgency.level,
        urgency_reason=brief.coded.urgency.reason_th,
        red_flags=brief.coded.red_flags,
        deadlines=tuple(deadlines(brief, ledger)),
        schemes=tuple(scheme_verdicts(brief, ledger)),
        assessment=assessment,
        plan=plan,
        citations=ledger.citations,
    )


def _left(brief: Brief, problems: tuple[Problem, ...]) -> list[tuple[str, int]]:
    """How many of the library's actions a plan leaves closed, by problem."""
    chosen = {a.id for p in problems for g in p.goals for a in g.actions}
    counts = [
        (
            p.label_th,
            sum(a.id not in chosen for a in brief.library.interventions[p.code].actions),
        )
        for p in problems
    ]
    return [(label, count) for label, count in counts if count]
