"""The engine without a model: writes the whole draft from the intervention library."""

from __future__ import annotations

from planner.alternatives import alternatives
from planner.assessment import write_assessment
from planner.brief import Brief
from planner.care_plan import write_problems
from planner.choices import choose
from planner.deadlines import deadlines
from planner.ledger import Ledger
from planner.papers import consent, documents, review, team
from planner.referrals import referrals
from planner.safety import safety, warnings
from planner.schemas import Assessment, Draft, Plan, SchemeVerdict

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
        alternatives=tuple(alternatives(brief, ledger, chosen, problems)),
        referrals=tuple(referrals(brief, ledger, problems)),
    )


def compose_assessment(brief: Brief, ledger: Ledger) -> Assessment:
    """The assessment."""
    return write_assessment(brief, ledger)


def compose_draft(
    brief: Brief,
    ledger: Ledger,
    assessment: Assessment,
    plan: Plan,
    schemes: tuple[SchemeVerdict, ...],
) -> Draft:
    """The parts as one draft, not yet verified."""
    return Draft(
        engine=ENGINE,
        narrative_sha256=brief.narrative.sha256,
        knowledge_version=brief.library.version,
        as_of=brief.as_of,
        received_at=brief.received_at,
        told_at=tuple(at for _, at in brief.narrative.later),
        codes=brief.coded.codes,
        urgency=brief.coded.urgency.level,
        urgency_reason=brief.coded.urgency.reason_th,
        red_flags=brief.coded.red_flags,
        deadlines=tuple(deadlines(brief, ledger)),
        schemes=schemes,
        assessment=assessment,
        plan=plan,
        citations=ledger.citations,
    )
