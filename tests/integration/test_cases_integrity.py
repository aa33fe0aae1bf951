"""Tampering: whatever somebody with the owner's rights changes afterwards is found."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from cases.canonical import content_hash
from cases.integrity import Damage, verify_case
from cases.people import Person
from cases.review import Decision
from tests.integration.record import Record, claims

TABLES = ("narratives", "plan_versions", "approvals", "audit_events", "row_seals", "chain_heads")


@dataclass
class Approved:
    """A case with an approved plan, and who looks at it."""

    record: Record
    person: Person
    case_id: str
    version_id: str

    def damage(self) -> list[Damage]:
        with self.record.database.session(self.person.actor) as session:
            return verify_case(session, self.case_id)

    def intact(self) -> bool:
        return bool(self.record.services.review.read(self.person, self.version_id)["intact"])


@pytest.fixture(scope="module")
def approved(record: Record, owner: Person) -> Approved:
    version = record.drafted(owner)
    strike = [Decision(sentence_id=i, decision="struck", reason="ทดสอบ") for i in claims(version)]
    record.services.review.decide(owner, version["id"], strike)
    record.services.approval.approve(owner, version["id"], version["content_hash"], None)
    return Approved(record, owner, version["case_id"], version["id"])


@pytest.fixture
def changed(approved: Approved) -> Iterator[Approved]:
    """The approved case; what the test changes as owner is put back afterwards."""
    engine = approved.record.database.owner_engine
    with engine.begin() as owner:
        for table in TABLES:
            owner.execute(text(f"CREATE TABLE kept_{table} AS TABLE {table}"))
    yield approved
    with engine.begin() as owner:
        owner.execute(text("SET LOCAL session_replication_role = replica"))
        for table in TABLES:
            columns = ", ".join(
                owner.execute(
                    text(
                        "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) "
                        "FROM information_schema.columns WHERE table_name = :t"
                    ),
                    {"t": table},
                ).scalars()
            )
            owner.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            owner.execute(
                text(
                    f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608
                    f"SELECT {columns} FROM kept_{table}"
                )
            )
            owner.execute(text(f"DROP TABLE kept_{table}"))


def tamper(approved: Approved, statement: str) -> None:
    with approved.record.database.owner_engine.begin() as owner:
        owner.execute(text("SET LOCAL session_replication_role = replica"))
        done = owner.execute(
            text(statement), {"case": approved.case_id, "version": approved.version_id}
        )
        assert done.rowcount >= 1


def test_an_untouched_record_holds(approved: Approved) -> None:
    assert approved.damage() == []
    assert approved.intact()


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 second'",
        "actor_id = 'somebody-else'",
        "action = 'case_closed'",
        "subject = 'another'",
        """detail = detail || '{"flags": []}'""",
        "prev_hash = repeat('1', 64)",
        "hash = repeat('1', 64)",
        "seq = 1000",
    ],
)
def test_a_changed_event_is_found(changed: Approved, change: str) -> None:
    which = "WHERE case_id = :case AND seq = 1"
    tamper(changed, f"UPDATE audit_events SET {change} {which}")  # noqa: S608
    assert any(d.kind == "event" for d in changed.damage())


def test_a_removed_event_is_found(changed: Approved) -> None:
    tamper(changed, "DELETE FROM audit_events WHERE case_id = :case AND seq = 2")
    assert Damage(kind="event", subject="3") in changed.damage()


def test_an_event_of_another_case_does_not_fit(changed: Approved) -> None:
    other = changed.record.opened(changed.person)
    which = f"WHERE case_id = '{other}' AND seq = 1"
    tamper(changed, f"UPDATE audit_events SET case_id = :case, seq = 900 {which}")  # noqa: S608
    assert Damage(kind="event", subject="900") in changed.damage()


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("narrative", "UPDATE narratives SET text = text || ' ' WHERE case_id = :case"),
        (
            "narrative",
            "UPDATE narratives SET text = 'x', sha256 = encode(sha256('x'), 'hex') "
            "WHERE case_id = :case",
        ),
        ("narrative", "DELETE FROM narratives WHERE case_id = :case"),
        (
            "version",
            "UPDATE plan_versions SET content = jsonb_set(content, '{urgency}', '\"routine\"') "
            "WHERE id = :version",
        ),
        ("version", "UPDATE plan_versions SET content_hash = repeat('0', 64) WHERE id = :version"),
        ("version", "DELETE FROM plan_versions WHERE id = :version"),
        (
            "approval",
            "UPDATE approvals SET approved_content = jsonb_set(approved_content, "
            "'{content,urgency}', '\"routine\"') WHERE version_id = :version",
        ),
        (
            "approval",
            "UPDATE approvals SET approved_content = jsonb_set(approved_content, "
            "'{decisions}', '{}') WHERE version_id = :version",
        ),
        (
            "approval",
            "UPDATE approvals SET approved_hash = repeat('0', 64) WHERE version_id = :version",
        ),
        (
            "approval",
            "UPDATE approvals SET content_hash = repeat('0', 64) WHERE version_id = :version",
        ),
        ("approval", "DELETE FROM approvals WHERE version_id = :version"),
    ],
)
def test_changed_content_is_found(changed: Approved, kind: str, statement: str) -> None:
    tamper(changed, statement)
    assert any(d.kind == kind for d in changed.damage())


def test_content_rewritten_with_its_hash_is_found_by_the_chain(changed: Approved) -> None:
    """The rewriter knows our canonical form and mends the hash beside the content."""
    engine = changed.record.database.owner_engine
    with engine.begin() as owner:
        row = owner.execute(
            text("SELECT content FROM plan_versions WHERE id = :v"), {"v": changed.version_id}
        ).one()
        forged = row.content | {"urgency": "routine"}
        owner.execute(
            text(
                "UPDATE plan_versions SET content = jsonb_set(content, '{urgency}', "
                "'\"routine\"'), content_hash = :h WHERE id = :v"
            ),
            {"h": content_hash(forged), "v": changed.version_id},
        )
    kinds = {d.kind for d in changed.damage()}
    assert kinds == {"version", "approval"}
    assert not changed.intact()


def test_the_trail_names_the_damage_and_the_reader(changed: Approved) -> None:
    tamper(changed, "UPDATE audit_events SET action = 'x' WHERE case_id = :case AND seq = 2")
    auditor = changed.record.person("auditor")
    trail = changed.record.services.integrity.trail(auditor, changed.case_id)
    assert trail["damage"] == [Damage(kind="event", subject="2")]
    last = trail["events"][-1]
    assert (last["action"], last["actor_id"]) == ("trail_read", auditor.id)


def test_readers_at_once_keep_one_chain(approved: Approved) -> None:
    logins = ("somying.pmj", "wichai.pmj", "auditor") * 6
    people = [approved.record.person(login) for login in logins]
    read = approved.record.services.files.read
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda p: read(p, approved.case_id)["id"], people))
    assert set(found) == {approved.case_id}
    assert approved.damage() == []
