"""What the database refuses beyond hiding rows: late decisions, moved cases, strangers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from cases.errors import CaseUnseen
from cases.people import Person
from cases.review import Decision
from tests.integration.record import Record, claims

DECIDE = text(
    "INSERT INTO item_decisions (case_id, version_id, sentence_id, revision, decision, decided_by)"
    " VALUES (:c, :v, 'late', 1, 'accepted', :u)"
)


def strike_all(record: Record, person: Person, version: dict[str, Any]) -> None:
    record.services.review.decide(
        person,
        version["id"],
        [Decision(sentence_id=i, decision="struck", reason="ทดสอบ") for i in claims(version)],
    )


def test_nothing_is_decided_on_an_approved_version(
    record: Record, owner: Person, version: dict[str, Any]
) -> None:
    strike_all(record, owner, version)
    record.services.approval.approve(owner, version["id"], version["content_hash"], None)
    values = {"c": version["case_id"], "v": version["id"], "u": owner.id}
    with (
        pytest.raises(IntegrityError, match="version is approved"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(DECIDE, values)


def test_a_decision_names_the_case_of_its_version(
    record: Record, owner: Person, version: dict[str, Any]
) -> None:
    values = {"c": record.opened(owner), "v": version["id"], "u": owner.id}
    with (
        pytest.raises(IntegrityError, match="another case"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(DECIDE, values)


@pytest.mark.parametrize("column", ["agency_id", "owner_id", "number", "received_at"])
def test_of_a_case_only_the_status_changes(record: Record, owner: Person, column: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(text(f"UPDATE cases SET {column} = {column}"))  # noqa: S608


def test_the_urgency_of_a_case_only_rises(record: Record, owner: Person) -> None:
    case_id = record.opened(owner, "ยายเลี้ยงหลานสองคนลำพัง เงินไม่พอซื้อนม")
    to = text("UPDATE cases SET urgency = :level WHERE id = :id")
    with record.database.session(owner.actor) as session:
        session.execute(to, {"level": "immediate_1h", "id": case_id})
    with (
        pytest.raises(ProgrammingError, match="only rises"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(to, {"level": "routine", "id": case_id})


@pytest.mark.parametrize("column", ["case_id", "requested_by", "created_at"])
def test_of_a_run_only_its_progress_changes(record: Record, owner: Person, column: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(text(f"UPDATE draft_runs SET {column} = {column}"))  # noqa: S608


def test_an_auditors_reading_leaves_its_trace(
    record: Record, owner: Person, version: dict[str, Any]
) -> None:
    auditor = record.person("auditor")
    record.services.files.read(auditor, version["case_id"])
    events = record.services.integrity.trail(owner, version["case_id"])["events"]
    assert [e["action"] for e in events if e["actor_id"] == auditor.id] == ["case_read"]
    with pytest.raises(CaseUnseen):
        record.services.files.decide_code(auditor, version["case_id"], "VIO-01", "removed")


def test_other_roles_of_the_server_sign_nobody_in(record: Record) -> None:
    with record.database.owner_engine.connect() as owner, owner.begin() as all_of_it:
        owner.execute(text("CREATE ROLE a_stranger"))
        owner.execute(text("SET LOCAL ROLE a_stranger"))
        for call in (
            "cmis_open_session('t', 'u', interval '1 hour')",
            "cmis_login_lookup('somying.pmj')",
            "cmis_change_password('h', 't')",
        ):
            with pytest.raises(DBAPIError, match="permission denied"), owner.begin_nested():
                owner.execute(text(f"SELECT {call}"))
        all_of_it.rollback()


def test_a_changed_password_closes_ones_own_sessions_only(record: Record) -> None:
    person, other = record.person("kanda.subdistrict"), record.person("malee.bpd")
    with record.database.session(person.actor) as session:
        session.execute(text("SELECT cmis_change_password(:h, 'kept')"), {"h": "no hash at all"})
    hashes = dict(
        tuple(row)
        for row in record.owner(
            "SELECT login, password_hash FROM users WHERE id IN (:a, :b)", a=person.id, b=other.id
        )
    )
    left = {row.user_id for row in record.owner("SELECT user_id FROM sessions")}
    assert hashes.pop("kanda.subdistrict") == "no hash at all"
    assert hashes["malee.bpd"].startswith("$argon2id$")
    assert person.id not in left
    assert other.id in left
