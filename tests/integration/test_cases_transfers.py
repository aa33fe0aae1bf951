"""A transfer takes the case's people along, and one case is given away once."""

from __future__ import annotations

import pytest

from cases.casework_errors import ReferralStep
from cases.people import Person
from cases.person_errors import PersonForeign
from cases.person_identity import Identity
from cases.referral_schemas import Letter
from tests.integration.record import Record
from tests.integration.test_cases_persons import STORY, added


def given_away(record: Record, owner: Person, case_id: str, to: str) -> str:
    """A pending transfer; its letter's id."""
    letter = Letter(
        kind="transfer",
        to_agency=to,
        purpose="complaint",
        basis="life_at_risk",
        basis_reason="ทดสอบ",
        requested="รับเคสไปดูแล",
    )
    sent = str(record.services.casework.referrals.send(owner, case_id, letter)["id"])
    record.owner("UPDATE referrals SET signed_first = '{}' WHERE id = :r", r=sent)
    return sent


def test_people_go_with_their_case_unless_another_case_keeps_them(
    record: Record, owner: Person
) -> None:
    desk, receiver = record.services.people.persons, record.person("malee.bpd")
    case_id, other = record.opened(owner, STORY), record.opened(owner, STORY)
    mine = added(record, owner, case_id, given_name="มารศรี", family_name="ไปด้วยกัน")
    both = added(record, owner, case_id, given_name="มานพ", family_name="อยู่สองเคส")
    desk.add(owner, other, "other", person_id=both)
    letter = given_away(record, owner, case_id, "bpd")
    record.services.casework.referrals.accept(receiver, letter, None)
    kept = record.owner(
        "SELECT p.agency_id, array_agg(DISTINCT i.agency_id) FROM persons p"
        " JOIN person_index i ON i.person_id = p.id WHERE p.id = :p GROUP BY p.id",
        p=mine,
    )
    assert kept == [("bpd", ["bpd"])]
    desk.change(receiver, case_id, mine, {"given_name": "มารสี"}, 1)
    found = record.services.people.duplicates.search(
        receiver, Identity(given_name="มารศรี", family_name="ไปด้วยกัน")
    )
    assert mine in {f["person_id"] for f in found}
    with pytest.raises(PersonForeign):
        desk.change(receiver, case_id, both, {"given_name": "มานะ"}, 1)
    desk.change(owner, other, both, {"given_name": "มานะ"}, 1)


def test_a_case_that_went_elsewhere_cannot_be_taken_over_again(
    record: Record, owner: Person
) -> None:
    referrals = record.services.casework.referrals
    case_id = record.opened(owner, STORY)
    first = given_away(record, owner, case_id, "bpd")
    second = given_away(record, owner, case_id, "prosecutor")
    referrals.accept(record.person("malee.bpd"), first, None)
    with pytest.raises(ReferralStep):
        referrals.accept(record.person("anan.prosecutor"), second, None)
    kept = "SELECT agency_id FROM cases WHERE id = :c"
    assert record.owner(kept, c=case_id) == [("bpd",)]
    assert record.owner("SELECT status FROM referrals WHERE id = :r", r=second) == [("pending",)]
