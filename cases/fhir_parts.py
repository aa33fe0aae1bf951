"""A case's parts as FHIR R4 resources, as plain data; the bundle checks them.

Nobody is named: the patient is a case number. What is told is what a person decided: codes,
the approved plan in its approved words, referrals and consents.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.casebook import casebook
from cases.decided_words import Decisions, said
from cases.fhir_values import coding
from cases.rows import Row
from intake.schemas import CodedProblem
from knowledge_base.codebook import Codebook
from planner.schemas import Action, Draft, Goal

Resource = dict[str, Any]
PATIENT = {"reference": "Patient/case"}


def patient(case: Row) -> Resource:
    """The person the case is about, by the case's number alone."""
    system = casebook("fhir")["systems"]["case"]
    return {
        "resourceType": "Patient",
        "id": "case",
        "identifier": [{"system": system, "value": case["number"]}],
    }


def condition(problem: CodedProblem, book: Codebook, case: Row, *, confirmed: bool) -> Resource:
    """A coded problem with ICD-10 and Gravity codes."""
    known = book.codes[problem.code]
    category = [{"coding": [coding("condition_category", "problem-list-item")]}]
    if known.gravity_domain:
        category.append({"coding": [coding("gravity", known.gravity_domain)]})
    codes = [coding("cmis", problem.code, known.label_en)]
    codes += [coding("icd10", i.code, i.title) for i in known.icd10_who]
    return {
        "resourceType": "Condition",
        "id": f"condition-{problem.code.lower()}",
        "clinicalStatus": {"coding": [coding("clinical", "active")]},
        "verificationStatus": {
            "coding": [coding("verification", "confirmed" if confirmed else "provisional")]
        },
        "category": category,
        "code": {"coding": codes, "text": problem.label_th},
        "subject": PATIENT,
        "recordedDate": case["received_at"].isoformat(),
    }


def care_plan(case: Row, approved: Mapping[str, Any], version_hash: str) -> list[Resource]:
    """The approved plan and its goals, in the words that were approved."""
    draft, decisions = Draft.model_validate(approved["content"]), approved["decisions"]
    goals = [g for p in draft.plan.problems for g in p.goals if said(g.sentence, decisions)]
    actions = [a for g in goals for a in g.actions if said(a.sentence, decisions)]
    closed = case["status"] == "closed"
    plan = {
        "resourceType": "CarePlan",
        "id": "plan",
        "identifier": [
            {"system": f"{casebook('fhir')['systems']['case']}:plan", "value": version_hash}
        ],
        "status": "completed" if closed else "active",
        "intent": "plan",
        "subject": PATIENT,
        "addresses": [
            {"reference": f"Condition/condition-{p.code.lower()}"}
            for p in draft.plan.problems
            if p.code in {c.code for c in draft.codes}
        ],
        "goal": [{"reference": f"Goal/{_id(g.id)}"} for g in goals],
        "activity": [{"detail": _activity(a, decisions)} for a in actions],
    }
    return [*(_goal(g, decisions) for g in goals), {k: v for k, v in plan.items() if v}]


def service_request(referral: Row) -> Resource:
    """A referral that was sent."""
    return {
        "resourceType": "ServiceRequest",
        "id": f"referral-{referral['id']}",
        "status": casebook("fhir")["referral_status"][referral["status"]],
        "intent": "order",
        "subject": PATIENT,
        "code": {"text": referral["requested"]},
        "authoredOn": _moment(referral["sent_at"]),
        "requester": _agency(referral["from_agency"]),
        "performer": [_agency(referral["to_agency"])],
    }


def consent(given: Row) -> Resource:
    """A consent with its purpose and end."""
    return {
        "resourceType": "Consent",
        "id": f"consent-{given['id']}",
        "status": "inactive" if given["withdrawn_at"] else "active",
        "scope": {"coding": [coding("scope", "patient-privacy")]},
        "category": [{"coding": [coding("consent_category", "npp")]}],
        "patient": PATIENT,
        "dateTime": _moment(given["given_at"]),
        "policyRule": {"text": given["purpose"]},
        "provision": {
            "type": "permit",
            "period": {
                "start": _moment(given["given_at"]),
                "end": _moment(given["withdrawn_at"] or given["expires_at"]),
            },
        },
    }


def _goal(goal: Goal, decisions: Decisions) -> Resource:
    target: Resource = {"dueDate": goal.review_on.isoformat()} if goal.review_on else {}
    indicator = said(goal.indicator, decisions)
    return {
        "resourceType": "Goal",
        "id": _id(goal.id),
        "lifecycleStatus": "accepted",
        "description": {"text": said(goal.sentence, decisions)},
        "subject": PATIENT,
        **({"target": [target]} if target else {}),
        **({"note": [{"text": indicator}]} if indicator else {}),
    }


def _activity(action: Action, decisions: Decisions) -> Resource:
    due = {"scheduledPeriod": {"end": _moment(action.due)}} if action.due else {}
    status = "scheduled" if action.due else "not-started"
    return {"status": status, "description": said(action.sentence, decisions), **due}


def _agency(agency_id: str) -> Resource:
    system = casebook("fhir")["systems"]["agency"]
    return {"identifier": {"system": system, "value": agency_id}}


def _id(own: str) -> str:
    """An id FHIR allows: letters, digits, ``-`` and ``.``, at most 64."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in own)[:64]


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
