"""What the pages conclude about letters, consents and services before anything is drawn."""

from __future__ import annotations

from typing import Any

import pytest

from cases.casebook import casebook, listed
from ui import case_consents, case_services, letter_acts, letter_text
from ui.consent_fields import lacking
from ui.letter_form import services, waits_for
from ui.plan_actions import actions

RULES = casebook("referrals")["consent"]
GIVEN = {
    "subject_age": 34,
    "given_by": "self",
    "guardian_is_alleged": False,
    "subject_view": "",
    "method": "written",
    "witnesses": [],
}


def me(role: str = "social_worker_shelter", agency: str = "bpd") -> dict[str, str]:
    return {"role": role, "agency_id": agency}


def letter(status: str = "pending", **more: Any) -> dict[str, Any]:
    ends = {"from_agency": "pmj", "to_agency": "bpd", "received_at": None}
    return ends | {"kind": "referral", "status": status, "consent_id": None} | more


@pytest.mark.parametrize(
    ("status", "person", "verbs"),
    [
        ("pending", me(), ["acknowledge", "accept", "reject"]),
        ("accepted", me(), ["finish"]),
        ("rejected", me(), []),
        ("pending", me(agency="pmj"), ["revoke"]),
        ("accepted", me(agency="pmj"), ["revoke"]),
        ("done", me(agency="pmj"), []),
        ("pending", me(agency="school"), []),
        ("pending", me("auditor"), []),
        ("pending", me("auditor", "pmj"), []),
    ],
)
def test_who_may_do_what_with_a_letter(
    status: str, person: dict[str, str], verbs: list[str]
) -> None:
    assert letter_acts.verbs(letter(status), person) == verbs


def test_a_transfer_is_taken_on_by_a_worker_of_cases() -> None:
    moved = letter(kind="transfer", received_at="2026-11-26T10:00:00+07:00")
    assert letter_acts.verbs(moved, me()) == ["accept", "reject"]
    assert letter_acts.verbs(moved, me("partner_officer")) == ["reject"]


@pytest.mark.parametrize(
    ("kind", "status", "sender", "receiver"),
    [
        ("referral", "pending", True, False),
        ("referral", "accepted", True, True),
        ("referral", "done", True, False),
        ("transfer", "pending", True, False),
        ("transfer", "done", False, True),
    ],
)
def test_to_whom_a_letter_leaves_the_case_open(
    kind: str, status: str, sender: bool, receiver: bool
) -> None:
    sent = letter(status, kind=kind)
    assert letter_text.opens(sent, "pmj") is sender
    assert letter_text.opens(sent, "bpd") is receiver


def test_services_asked_for_name_the_actions_they_carry_out() -> None:
    assert services(" ที่พัก \n\nรถ", ["a1", "gone"], {"a1": "นัดหมอ"}) == [
        {"text": "นัดหมอ", "action_id": "a1"},
        {"text": "ที่พัก", "action_id": None},
        {"text": "รถ", "action_id": None},
    ]


def test_what_a_letter_waits_for_follows_the_kind_and_the_basis() -> None:
    bases = listed("referrals", "bases")
    assert waits_for("referral", bases["consent"]) == []
    assert waits_for("referral", bases["life_at_risk"]) == ["letters.wait.disclosure_after"]
    assert waits_for("transfer", bases["court_order"]) == [
        "letters.wait.transfer",
        "letters.wait.disclosure_before",
    ]


def test_who_loses_sight_with_a_consent() -> None:
    letters = [
        letter("accepted", consent_id="c1"),
        letter("accepted", consent_id="c1", to_agency="school"),
        letter("accepted", consent_id="c2", to_agency="school"),
        letter("pending", consent_id="c1", to_agency="hospital"),
        letter("revoked", consent_id="c1", to_agency="police"),
    ]
    assert case_consents.losing("c1", letters, ["c1", "c2"]) == (["bpd"], ["hospital"])
    assert case_consents.losing("c1", letters, ["c1"]) == (["bpd", "school"], ["hospital"])
    lawful = [*letters, letter("accepted", basis="court_order")]
    assert case_consents.losing("c1", lawful, ["c1", "c2"])[0] == []


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({}, None),
        ({"method": "spoken", "witnesses": ["ก"]}, "witnesses"),
        ({"subject_age": 12}, "guardian"),
        ({"subject_age": 12, "given_by": "guardian"}, "subject_view"),
        ({"subject_age": 12, "given_by": "guardian", "subject_view": "อยากเรียน"}, None),
        ({"given_by": "guardian", "guardian_is_alleged": True}, "guardian_is_alleged"),
    ],
)
def test_what_a_consent_lacks(more: dict[str, Any], what: str | None) -> None:
    assert lacking(GIVEN | more, "service", ["bpd"], RULES) == what


def test_a_consent_is_for_something_to_somebody_by_somebody() -> None:
    assert lacking(GIVEN, None, ["bpd"], RULES) == "purpose"
    assert lacking(GIVEN, "service", [], RULES) == "recipients"
    assert lacking(None, "service", ["bpd"], RULES) == "subject"


def test_actions_of_a_plan_as_people_decided_them() -> None:
    acts = [{"id": f"a{n}", "sentence": {"id": f"s{n}", "text": f"ข้อ {n}"}} for n in (1, 2, 3)]
    plan = {"problems": [{"goals": [{"actions": acts}]}]}
    decided = {"s1": {"decision": "struck"}, "s2": {"decision": "edited", "text": "แก้แล้ว"}}
    version: dict[str, Any] = {"content": {"plan": plan}, "decisions": decided}
    assert actions(version) == {"a2": "แก้แล้ว", "a3": "ข้อ 3"}
    assert actions({"content": {"plan": None}, "decisions": {}}) == {}


@pytest.mark.parametrize(
    ("status", "case", "person", "may"),
    [
        ("accepted", {"acts": False, "writes": True}, me(), True),
        ("offered", {"acts": False, "writes": True}, me(), False),
        ("declined", {"acts": True, "writes": True}, me(agency="pmj"), False),
        ("accepted", {"acts": True, "writes": True}, me(agency="pmj"), True),
        ("accepted", {"acts": False, "writes": True}, me(agency="school"), False),
        ("accepted", {"acts": False, "writes": False}, me(), False),
        ("accepted", {"acts": False, "writes": True}, me("mdt_member"), False),
    ],
)
def test_who_may_report_on_a_service(
    status: str, case: dict[str, Any], person: dict[str, str], may: bool
) -> None:
    row = {"status": status, "agency_id": "bpd", "referral_id": "r"}
    assert case_services.may_report(row, case, person) is may
