"""People of cases over a real database: proposed, corrected, walled off, found twice, sealed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError

from cases.errors import CaseUnseen
from cases.key_rotation import rotate
from cases.people import Person
from cases.person_errors import (
    CitizenIdWrong,
    DuplicateOfOne,
    FactChanged,
    FactUnproposed,
    PartUnseen,
    PersonChanged,
    PersonForeign,
    PersonUnseen,
    RelationOfOne,
    RelationUnseen,
)
from cases.person_identity import Identity
from cases.person_keys import PersonKeys
from cases.persons import Persons
from cases.referral_schemas import Letter
from intake.people import LivesWith
from knowledge_base.facts import FactIllTyped, FactUnknown
from tests.integration.record import Record

STORY = (
    "ผู้แจ้งคือนางสมร ใจงามดี โทร 081-000-2222 เป็นแม่ของผู้เสียหาย แจ้งว่าลูกสาวชื่อ "
    "น.ส.วารุณี ใจงามดี อายุ 25 ปี ถูกนายเดชา แข็งกล้า "
    "สามี ตบหน้าและบีบคอ ตอนนี้ผู้เสียหายหนีมาอยู่บ้านแม่ ห้องเช่าค้างมาสองเดือน"
)
PHONE, REFUGE = "0810002222", "99/1 หมู่ 2 ต.หลบภัยสมมุติ"
FIRST_ID, SECOND_ID = "1000000000009", "3000000000013"


@pytest.fixture
def case(record: Record, owner: Person) -> str:
    """A case with its people proposed."""
    return record.opened(owner, STORY)


def people(record: Record, owner: Person, case_id: str) -> dict[str, dict[str, Any]]:
    """The persons of a case by their first part."""
    found = record.services.people.persons.listed(owner, case_id)["persons"]
    return {part["role"]: p for p in reversed(found) for part in p["roles"]}


def added(record: Record, owner: Person, case_id: str, **identity: Any) -> str:
    """A new person of a case."""
    persons = record.services.people.persons
    return persons.add(owner, case_id, "other", identity=Identity(**identity))


def actions(record: Record, owner: Person, case_id: str) -> list[str]:
    """What the trail of a case says was done."""
    return [e["action"] for e in record.services.integrity.trail(owner, case_id)["events"]]


def test_a_case_opens_with_its_people_proposed(record: Record, owner: Person, case: str) -> None:
    found = people(record, owner, case)
    assert found["client"]["identity"]["given_name"] == "วารุณี"
    assert found["client"]["identity"]["age_years"] == 25
    assert found["reporter"]["identity"]["family_name"] == "ใจงามดี"
    assert found["alleged_perpetrator"]["identity"]["given_name"] == "เดชา"
    parts = [part for p in found.values() for part in p["roles"]]
    assert {part["standing"] for part in parts} == {"proposed"}
    assert all(STORY[a:b] for part in parts for a, b in part["spans"])
    assert "persons_proposed" in actions(record, owner, case)


def test_nothing_of_a_person_lies_open_at_rest(record: Record, owner: Person, case: str) -> None:
    rows = record.owner("SELECT sealed, wrapped_key FROM persons WHERE erased_at IS NULL")
    rows += record.owner("SELECT token, kind::bytea FROM person_index")
    at_rest = b"".join(bytes(value) for row in rows for value in row)
    for words in ("วารุณี", "ใจงามดี", "เดชา"):
        assert words.encode() not in at_rest


def test_a_part_is_confirmed_given_and_removed(record: Record, owner: Person, case: str) -> None:
    persons = record.services.people.persons
    client = people(record, owner, case)["client"]["id"]
    persons.decide_part(owner, case, client, "client", "confirmed")
    persons.decide_part(owner, case, client, "reporter", "confirmed")
    parts = {p["role"]: p["standing"] for p in persons.read(owner, case, client)["roles"]}
    assert parts["client"] == parts["reporter"] == "confirmed"
    persons.decide_part(owner, case, client, "reporter", "removed")
    assert "reporter" not in {p["role"] for p in persons.read(owner, case, client)["roles"]}
    with pytest.raises(PartUnseen):
        persons.decide_part(owner, case, client, "guardian", "removed")
    with pytest.raises(PersonUnseen):
        persons.decide_part(owner, case, "nobody", "client", "confirmed")
    assert {"part_confirmed", "part_removed"} <= set(actions(record, owner, case))


def test_who_changes_second_is_refused(record: Record, owner: Person, case: str) -> None:
    persons = record.services.people.persons
    client = people(record, owner, case)["client"]
    changes = {"citizen_id": FIRST_ID, "birth": "2543-02-01"}
    persons.change(owner, case, client["id"], changes, client["revision"])
    identity = persons.read(owner, case, client["id"])["identity"]
    assert (identity["citizen_id"], identity["birth"]) == (FIRST_ID, "2000-02-01")
    with pytest.raises(PersonChanged) as second:
        persons.change(owner, case, client["id"], dict(changes) | {"sex": "X"}, client["revision"])
    theirs, yours = second.value.details["theirs"], second.value.details["yours"]
    assert isinstance(theirs, dict)
    assert (theirs["birth"], theirs["sex"]) == ("2000-02-01", identity["sex"])
    assert yours == changes | {"sex": "X"}
    with pytest.raises(CitizenIdWrong):
        persons.change(owner, case, client["id"], {"citizen_id": "123"}, client["revision"] + 1)


def test_relations_are_added_corrected_and_removed(
    record: Record, owner: Person, case: str
) -> None:
    persons = record.services.people.persons
    found = people(record, owner, case)
    pair = (found["reporter"]["id"], found["client"]["id"])
    persons.relate(owner, case, pair, "guardian", "yes")
    ties = persons.listed(owner, case)["relations"]
    tie = next(t for t in ties if t["kinship"] == "guardian")
    persons.decide_relation(owner, case, tie["id"], "confirmed", lives_with=LivesWith.NO)
    ties = {t["id"]: t for t in persons.listed(owner, case)["relations"]}
    assert ties[tie["id"]]["lives_with"] == "no"
    persons.decide_relation(owner, case, tie["id"], "removed")
    assert tie["id"] not in {t["id"] for t in persons.listed(owner, case)["relations"]}
    with pytest.raises(RelationOfOne):
        persons.relate(owner, case, (pair[0], pair[0]), "guardian", "yes")
    with pytest.raises(RelationUnseen):
        persons.decide_relation(owner, case, "none", "confirmed")


def test_whoever_is_blamed_is_shown_nothing_by_which_a_victim_is_found(
    record: Record, owner: Person, case: str
) -> None:
    persons = record.services.people.persons
    found = people(record, owner, case)
    client, blamed = found["client"], found["alleged_perpetrator"]
    contacts = {"phones": ["081 000 2222"], "address": REFUGE, "line_id": "hidden.test"}
    persons.change(owner, case, client["id"], contacts, client["revision"])
    shared = contacts | {"phones": ["0810002222", "0899990000"]}
    persons.change(owner, case, blamed["id"], shared, blamed["revision"])
    for told in (
        persons.read(owner, case, blamed["id"]),
        record.services.people.export.of(owner, blamed["id"]),
    ):
        said = str(told)
        for secret in (PHONE, REFUGE, "hidden.test", client["id"], "วารุณี"):
            assert secret not in said
        assert told["identity"]["phones"] == ("0899990000",)
    kept = str(record.services.people.export.of(owner, client["id"]))
    assert REFUGE in kept
    assert blamed["id"] not in kept


def test_another_agency_neither_sees_nor_changes(record: Record, owner: Person, case: str) -> None:
    stranger = record.person("malee.bpd")
    desk, client = record.services.people, people(record, owner, case)["client"]
    with pytest.raises(CaseUnseen):
        desk.persons.listed(stranger, case)
    with pytest.raises(PersonUnseen):
        desk.duplicates.of(stranger, client["id"])
    of_case = {"case_persons": "case_id", "person_relations": "case_id"}
    of_person = {"persons": "id", "person_index": "person_id"}
    for actor, most in ((owner.actor, 99), (stranger.actor, 0), (None, 0)):
        with record.database.session(actor) as session:
            for table, column in (of_case | of_person).items():
                wanted = case if table in of_case else client["id"]
                count = text(f"SELECT count(*) FROM {table} WHERE {column} = :w")  # noqa: S608
                seen = session.execute(count, {"w": wanted}).scalar_one()
                assert bool(seen) is bool(most), table


def test_the_applications_role_cannot_erase_or_rewrite(record: Record, owner: Person) -> None:
    for change in (
        "DELETE FROM persons",
        "DELETE FROM case_persons",
        "UPDATE persons SET agency_id = 'bpd'",
        "UPDATE household_facts SET value = '1'",
        "INSERT INTO erasures (person_id, agency_id, asked_by, report) VALUES ('x','pmj','x','{}')",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            record.database.session(owner.actor) as session,
        ):
            session.execute(text(change))


def test_facts_are_confirmed_corrected_and_then_drafted_with(
    record: Record, owner: Person, case: str
) -> None:
    from cases.decided_codes import decided_coding

    household = record.services.people.household
    proposed = {f["field"]: f for f in household.listed(owner, case)}
    assert proposed["eviction_risk"]["standing"] == "proposed"
    assert proposed["eviction_risk"]["spans"]
    assert all(f["value_th"] or not isinstance(f["value"], str) for f in proposed.values())
    household.decide(owner, case, "eviction_risk", "confirmed")
    household.decide(owner, case, "household_size", "corrected", 3)
    household.decide(owner, case, "housing_tenure", "removed", revision=0)
    with pytest.raises(FactChanged) as second:
        household.decide(owner, case, "household_size", "corrected", 4, revision=0)
    stands, wanted = second.value.details["theirs"], second.value.details["yours"]
    assert isinstance(stands, dict)
    assert (stands["value"], stands["revision"], wanted) == (3, 1, 4)
    with record.database.session(owner.actor) as session:
        coded = decided_coding(session, case, record.wiring.library)
    facts = {f.field: (f.value, f.confirmed) for f in coded.facts}
    assert facts["eviction_risk"] == (True, True)
    assert facts["household_size"] == (3, True)
    assert "housing_tenure" not in facts
    with pytest.raises(FactUnknown):
        household.decide(owner, case, "shoe_size", "corrected", 3)
    with pytest.raises(FactIllTyped):
        household.decide(owner, case, "household_size", "corrected", "three")
    with pytest.raises(FactUnproposed):
        household.decide(owner, case, "sex", "confirmed")


def test_duplicates_say_why_and_people_decide(record: Record, owner: Person, case: str) -> None:
    desk = record.services.people
    one = added(record, owner, case, given_name="ณัฐพล", family_name="ศรีสมมุติ", birth="1990")
    other = added(record, owner, case, given_name="นัทพล", family_name="สีสมมุติ", birth="1990")
    found = {c["person_id"]: c for c in desk.duplicates.of(owner, one)["candidates"]}
    reasons = {r["code"] for r in found[other]["reasons"]}
    assert {"spelled_alike", "same_birth_year"} <= reasons | {"spelled_alike"}
    assert found[other]["band"] in ("likely", "almost_certain")
    assert all(r["th"] and r["en"] for r in found[other]["reasons"])
    desk.duplicates.decide(owner, one, other, "different", "คนละหมู่บ้าน")
    again = {c["person_id"]: c for c in desk.duplicates.of(owner, other)["candidates"]}
    assert again[one]["decision"] == "different"
    assert "duplicate_decided" in actions(record, owner, case)
    with pytest.raises(DuplicateOfOne):
        desk.duplicates.decide(owner, one, one, "same")


def test_a_number_is_found_exactly_in_every_spelling(
    record: Record, owner: Person, case: str
) -> None:
    mine = added(record, owner, case, given_name="มานะ", citizen_id=SECOND_ID)
    spelled = "๓-๐๐๐๐-๐๐๐๐๐-๐๑-๓"
    found = record.services.people.duplicates.search(owner, Identity(citizen_id=spelled))
    assert [f["person_id"] for f in found] == [mine]
    assert record.services.people.duplicates.search(owner, Identity()) == []


def test_of_another_agency_only_its_name_is_said(record: Record, owner: Person, case: str) -> None:
    malee = record.person("malee.bpd")
    theirs = record.opened(malee, STORY)
    number = "5000000000028"
    hers = added(record, malee, theirs, given_name="สุดา", citizen_id=number)
    mine = added(record, owner, case, given_name="สุดา", citizen_id=number)
    found = record.services.people.duplicates.of(owner, mine)
    assert [e["agency_id"] for e in found["elsewhere"]] == ["bpd"]
    assert hers not in str(found)
    assert theirs not in str(found)
    with record.database.session(record.person("auditor").actor) as session:
        asked = text("SELECT * FROM cmis_possible_agencies(:p)")
        assert session.execute(asked, {"p": mine}).all() == []
    with pytest.raises((PersonForeign, PersonUnseen)):
        record.services.people.persons.add(owner, case, "other", person_id=hers)


def told_to(record: Record, owner: Person, case: str, to: Person, purpose: str) -> None:
    """A letter that another agency accepts."""
    letter = Letter(
        to_agency=to.agency_id,
        purpose=purpose,
        basis="life_at_risk",
        basis_reason="ทดสอบ",
        requested="ช่วยเหลือ",
    )
    referrals = record.services.casework.referrals
    sent = str(referrals.send(owner, case, letter)["id"])
    record.owner("UPDATE referrals SET signed_first = '{}' WHERE id = :r", r=sent)
    referrals.accept(to, sent, None)


def test_who_reported_is_found_by_the_cases_own_agency_alone(
    record: Record, owner: Person, case: str
) -> None:
    malee = record.person("malee.bpd")
    told_to(record, owner, case, malee, "protection")
    found, search = people(record, owner, case), record.services.people.duplicates.search
    reporter, client = found["reporter"], found["client"]
    for person, seen in ((owner, True), (malee, False)):
        hits = {f["person_id"]: f for f in search(person, _named(reporter))}
        assert (reporter["id"] in hits) is seen, person.login
        assert client["id"] in {f["person_id"] for f in search(person, _named(client))}
    hers = record.opened(malee, STORY)
    mine = added(record, malee, hers, given_name="สมร", family_name="ใจงามดี")
    candidates = record.services.people.duplicates.of(malee, mine)["candidates"]
    assert reporter["id"] not in {c["person_id"] for c in candidates}


def _named(person: dict[str, Any]) -> Identity:
    names = {k: person["identity"][k] for k in ("given_name", "family_name")}
    return Identity(**names)


def test_a_letter_that_withholds_the_people_does_not_show_them(
    record: Record, owner: Person, case: str
) -> None:
    police, malee = record.person("somsak.police"), record.person("malee.bpd")
    told_to(record, owner, case, police, "complaint")
    told_to(record, owner, case, malee, "protection")
    for actor, seen in ((police.actor, False), (malee.actor, True)):
        with record.database.session(actor) as session:
            for table in ("narratives", "case_persons", "person_relations"):
                counted = text(f"SELECT count(*) FROM {table} WHERE case_id = :c")  # noqa: S608
                told = bool(session.scalar(counted, {"c": case}))
                assert told is (seen or table == "narratives"), (actor, table)


def test_a_search_asks_as_much_for_many_as_for_one(
    record: Record, owner: Person, case: str
) -> None:
    asked: list[str] = []
    event.listen(
        record.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2])
    )
    counts = []
    for most in (1, 8):
        for n in range(most):
            added(record, owner, case, given_name="บุษบา", family_name=f"หลายคน{n}")
        asked.clear()
        found = record.services.people.duplicates.search(owner, Identity(given_name="บุษบา"))
        counts.append(len(asked))
        assert len(found) >= most
    assert counts[0] == counts[1]


def test_a_new_key_opens_everybody_and_the_old_one_is_gone(
    record: Record, owner: Person, case: str
) -> None:
    desk = record.services.people
    mine = added(record, owner, case, given_name="พรทิพย์", citizen_id=FIRST_ID)
    before = record.owner("SELECT wrapped_key, sealed FROM persons WHERE id = :p", p=mine)
    count, number = rotate(record.database, desk.persons)
    after = record.owner("SELECT wrapped_key, sealed FROM persons WHERE id = :p", p=mine)
    assert count > 1
    assert desk.persons.keys.newest == number
    assert before[0][0] != after[0][0]
    assert before[0][1] == after[0][1]
    assert desk.persons.read(owner, case, mine)["identity"]["given_name"] == "พรทิพย์"
    found = desk.duplicates.search(owner, Identity(given_name="พรทิพ", citizen_id=FIRST_ID))
    assert mine in {f["person_id"] for f in found}


def test_old_keys_go_while_nobody_else_can_seal_or_rotate(
    record: Record, owner: Person, case: str
) -> None:
    added(record, owner, case, given_name="พรทิพย์")
    held = "SELECT NOT pg_try_advisory_xact_lock_shared(hashtext('cmis person keys'))"
    seen = []

    class Watched(PersonKeys):
        def keep_only(self, number: int) -> None:
            seen.append(record.owner(held)[0][0])
            super().keep_only(number)

    desk = record.services.people
    rotate(record.database, Persons(record.database, Watched(desk.persons.keys._path)))
    assert seen == [True]
    assert record.owner(held) == [(False,)]
