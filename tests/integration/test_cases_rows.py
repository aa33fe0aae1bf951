"""Who sees and who changes which row, asked of the database itself as the application's role."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cases.people import CASE_ROLES, Person
from cases.seeds import demo_office
from runtime.actor import Actor
from tests.integration.record import Record

ROLES = sorted({user["role"] for user in demo_office()["users"]})
AGENCIES = [agency["id"] for agency in demo_office()["agencies"]]
OWN = "pmj"
PERMANENT = (
    "narratives",
    "codings",
    "code_decisions",
    "plan_versions",
    "item_decisions",
    "approvals",
    "audit_events",
)
OF_A_CASE = (*PERMANENT, "draft_runs")


@pytest.fixture(scope="module")
def full(record: Record, owner: Person) -> dict[str, Any]:
    """A version of a case that has a row in every table."""
    version = record.drafted(owner)
    record.services.files.decide_code(owner, version["case_id"], "DST-01", "added")
    record.owner(
        "INSERT INTO item_decisions (case_id, version_id, sentence_id, revision, decision,"
        " decided_by) VALUES (:c, :v, 's1', 1, 'accepted', :u)",
        c=version["case_id"],
        v=version["id"],
        u=owner.id,
    )
    record.owner(
        "INSERT INTO approvals (version_id, case_id, content_hash, approved_content,"
        " approved_hash, approved_by) VALUES (:v, :c, :h, '{}', '', :u)",
        v=version["id"],
        c=version["case_id"],
        h=version["content_hash"],
        u=owner.id,
    )
    return version


def counts(record: Record, actor: Actor | None, case_id: str) -> dict[str, int]:
    """How many rows of a case an actor sees, by table."""
    tables = dict.fromkeys(OF_A_CASE, "case_id") | {"cases": "id"}
    with record.database.session(actor) as session:
        return {
            table: session.execute(
                text(f"SELECT count(*) FROM {table} WHERE {column} = :c"),  # noqa: S608
                {"c": case_id},
            ).scalar_one()
            for table, column in tables.items()
        }


def test_every_table_with_a_case_is_guarded_even_from_its_owner(record: Record) -> None:
    """Found in the catalogue, so that a table made later is looked at too."""
    tables = record.owner(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS guarded"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' AND (c.relname = 'cases' OR EXISTS ("
        " SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'case_id'))"
    )
    assert set(OF_A_CASE) | {"cases"} <= {name for name, _ in tables}
    assert [name for name, guarded in tables if not guarded] == []


def test_the_applications_role_owns_and_passes_nothing(record: Record) -> None:
    (role,) = record.owner(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'cmis_app'"
    )
    assert tuple(role) == (False, False, False)
    owned = record.owner("SELECT relname FROM pg_class WHERE relowner = 'cmis_app'::regrole")
    assert owned == []


@pytest.mark.parametrize("agency", AGENCIES)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_of_each_agency(
    record: Record, full: dict[str, Any], agency: str, role: str
) -> None:
    seen = counts(record, Actor("x", agency, role), full["case_id"])
    if agency == OWN and role in CASE_ROLES | {"auditor"}:
        assert all(seen.values()), seen
    else:
        assert not any(seen.values()), seen


@pytest.mark.parametrize(
    "actor",
    [None, Actor("", "", ""), Actor("x", OWN, ""), Actor("x", "", "supervisor")],
    ids=["nobody", "empty", "no role", "no agency"],
)
def test_half_an_actor_sees_nothing(
    record: Record, full: dict[str, Any], actor: Actor | None
) -> None:
    assert not any(counts(record, actor, full["case_id"]).values())


def test_a_pooled_connection_carries_nobody_over(
    record: Record, full: dict[str, Any], owner: Person
) -> None:
    for _ in range(30):
        assert all(counts(record, owner.actor, full["case_id"]).values())
        assert not any(counts(record, None, full["case_id"]).values())


@pytest.mark.parametrize("table", PERMANENT)
@pytest.mark.parametrize("change", ["UPDATE {} SET case_id = case_id", "DELETE FROM {}"])
def test_what_is_written_stays(record: Record, owner: Person, table: str, change: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(text(change.format(table)))


@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["cases", "draft_runs", "audit_events"])
def test_nothing_of_a_case_goes_away(
    record: Record, owner: Person, table: str, change: str
) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(text(change.format(table)))


def test_a_case_cannot_be_moved_to_another_agency(
    record: Record, full: dict[str, Any], owner: Person
) -> None:
    with pytest.raises(ProgrammingError), record.database.session(owner.actor) as session:
        session.execute(
            text("UPDATE cases SET agency_id = 'bpd' WHERE id = :c"), {"c": full["case_id"]}
        )


def test_a_stranger_adds_nothing_to_a_case(record: Record, full: dict[str, Any]) -> None:
    stranger = record.person("malee.bpd")
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        record.database.session(stranger.actor) as session,
    ):
        session.execute(
            text(
                "INSERT INTO code_decisions (case_id, code, decision, decided_by)"
                " VALUES (:c, 'VIO-01', 'removed', :u)"
            ),
            {"c": full["case_id"], "u": stranger.id},
        )


def test_a_case_is_opened_in_ones_own_agency_only(record: Record, owner: Person) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(
            text(
                "INSERT INTO cases (id, number, agency_id, title, status, urgency, owner_id,"
                " received_at) VALUES ('x', 'x', 'bpd', 'x', 'new', '24h', :u, now())"
            ),
            {"u": owner.id},
        )


@pytest.mark.parametrize("login", ["auditor", "admin", "researcher"])
def test_who_only_reads_or_sees_nothing_decides_nothing(
    record: Record, full: dict[str, Any], login: str
) -> None:
    person = record.person(login)
    with pytest.raises(ProgrammingError), record.database.session(person.actor) as session:
        session.execute(
            text(
                "INSERT INTO code_decisions (case_id, code, decision, decided_by)"
                " VALUES (:c, 'VIO-01', 'removed', :u)"
            ),
            {"c": full["case_id"], "u": person.id},
        )


APPROVE = text(
    "INSERT INTO approvals (version_id, case_id, content_hash, approved_content, approved_hash,"
    " approved_by) VALUES (:v, :c, :h, '{}', '', :u)"
)


def test_an_approval_of_other_content_is_refused_by_the_database(
    record: Record, version: dict[str, Any], owner: Person
) -> None:
    values = {"v": version["id"], "c": version["case_id"], "h": "0" * 64, "u": owner.id}
    with (
        pytest.raises(IntegrityError, match="other content"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(APPROVE, values)


def test_the_drafter_alone_is_refused_by_the_database_where_two_are_needed(record: Record) -> None:
    prosecutor = record.person("anan.prosecutor")
    version = record.drafted(prosecutor)
    values = {
        "v": version["id"],
        "c": version["case_id"],
        "h": version["content_hash"],
        "u": prosecutor.id,
    }
    with (
        pytest.raises(IntegrityError, match="two people"),
        record.database.session(prosecutor.actor) as session,
    ):
        session.execute(APPROVE, values)


def test_nobody_signs_in_anothers_name(
    record: Record, version: dict[str, Any], owner: Person, colleague: Person
) -> None:
    values = {
        "v": version["id"],
        "c": version["case_id"],
        "h": version["content_hash"],
        "u": colleague.id,
    }
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(APPROVE, values)


def test_a_version_is_approved_once(record: Record, full: dict[str, Any], owner: Person) -> None:
    values = {
        "v": full["id"],
        "c": full["case_id"],
        "h": full["content_hash"],
        "u": owner.id,
    }
    with pytest.raises(IntegrityError), record.database.session(owner.actor) as session:
        session.execute(APPROVE, values)
