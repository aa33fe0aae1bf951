"""Whoever acted in a case is named with their agency to those who see what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from cases.people import Person
from cases.refusals import Refusals
from runtime.actor import Actor
from tests.integration.record import Record
from tests.integration.relations import RELATIONS, relate
from tests.integration.test_cases_rows import ROLES

# What is written in each part, and who wrote it.
WRITTEN = {
    "trail": {"audit_events": ("actor_id",)},
    "codes": {"code_decisions": ("decided_by",), "flag_decisions": ("decided_by",)},
    "plan": {"item_decisions": ("decided_by",), "approvals": ("approved_by",)},
    "persons": {"household_facts": ("decided_by",)},
    "documents": {"document_versions": ("created_by",), "document_custody": ("done_by",)},
    "conference": {"conference_posts": ("written_by",), "conference_votes": ("voter_id",)},
    "steps": {"deadlines": ("done_by",)},
    "sign_offs": {"sign_offs": ("requested_by", "decided_by")},
}
ROWS = (
    "INSERT INTO code_decisions (case_id, code, decision, decided_by)"
    " VALUES (:c, 'VIO-01', 'accepted', :u)",
    "INSERT INTO flag_decisions (case_id, flag, decision, decided_by)"
    " VALUES (:c, 'RF-01', 'confirmed', :u)",
    "INSERT INTO item_decisions (case_id, version_id, sentence_id, revision, decision, decided_by)"
    " VALUES (:c, :v, 'x', 1, 'accepted', :u)",
    "INSERT INTO household_facts (case_id, field, revision, standing, value, decided_by)"
    " VALUES (:c, 'x', 1, 'confirmed', '1', :u)",
    "INSERT INTO documents (id, case_id, type_id, title, hidden_from, created_by)"
    " VALUES (:d, :c, 'doc:13', 'x', '{}', :u)",
    "INSERT INTO document_versions (id, case_id, document_id, number, origin, file_name,"
    " media_type, size_bytes, sha256, scan, created_by)"
    " VALUES (:d, :c, :d, 1, 'uploaded', 'x', 'image/png', 1, 'x', 'clean', :u)",
    "INSERT INTO document_custody (id, case_id, document_id, version_id, act, done_by)"
    " VALUES (:d, :c, :d, :d, 'received', :u)",
    "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, status,"
    " added_by, done_by, done_name, done_at)"
    " VALUES (:d, :c, 'visit', 'x', 'x', false, 'x', now(), 'done', :u, :u, 'x', now())",
    "INSERT INTO sign_offs (id, case_id, kind, subject_id, content_hash, two_people, requested_by,"
    " requested_name) VALUES (:d, :c, 'closure', 'x', 'x', true, :u, 'x')",
    "INSERT INTO approvals (version_id, case_id, content_hash, approved_content, approved_hash,"
    " approved_by) SELECT id, case_id, content_hash, '{}', '', :u FROM plan_versions"
    " WHERE id = :v",
)


@pytest.fixture(scope="module")
def police(record: Record) -> Person:
    """Somebody of another agency, who may read no case."""
    return record.person("somsak.police")


@pytest.fixture(scope="module")
def full(record: Record, owner: Person, police: Person) -> dict[str, Any]:
    """A version of a case in every part of which the police officer wrote something."""
    version = record.drafted(owner)
    given = {"c": version["case_id"], "v": version["id"], "d": version["id"], "u": police.id}
    for statement in ROWS:
        record.owner(statement, **given)
    refused = ([version["case_id"]], "GET /cases/{case_id}", "case.unseen")
    Refusals(record.database).note(police, *refused)
    return version


@pytest.fixture
def related(
    record: Record, full: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Callable[[str, Actor], None]]:
    """Puts somebody into a relation that ends with its test."""
    yield lambda relation, who: relate(record, relation, full, who)
    for table in ("glass_breaks", "conferences", "referrals", "consents"):
        record.owner(f"DELETE FROM {table} WHERE case_id = :c", c=full["case_id"])  # noqa: S608


Told = dict[str, list[dict[str, Any]]]


def acted(record: Record, who: Actor, case_id: str, *settings: str) -> tuple[Told, Told]:
    """By part, what the function tells an actor, and the authors in the rows that they see."""
    told, rows = {}, {}
    with record.database.session(who) as session:
        for name in settings:
            session.execute(text("SELECT set_config(:n, 'on', true)"), {"n": name})
        for part, tables in WRITTEN.items():
            ask = text("SELECT * FROM cmis_acted(:c, :p)")
            told[part] = [row._asdict() for row in session.execute(ask, {"c": case_id, "p": part})]
            ask = text(
                " UNION ".join(
                    f"SELECT {column} AS id FROM {table} WHERE case_id = :c"  # noqa: S608
                    for table, columns in tables.items()
                    for column in columns
                )
            )
            rows[part] = [row._asdict() for row in session.execute(ask, {"c": case_id})]
    return told, rows


def test_the_trail_names_whoever_was_refused(
    record: Record, owner: Person, police: Person, full: dict[str, Any]
) -> None:
    for reader in (owner, record.person("auditor")):
        events = record.services.integrity.trail(reader, full["case_id"])["events"]
        (refused,) = [e for e in events if e["action"] == "access_refused"]
        assert (refused["by_name"], refused["by_agency"]) == (police.name, "police")
        assert all(e["by_name"] for e in events)


def test_custody_and_decisions_name_people_of_other_agencies(
    record: Record, owner: Person, police: Person, full: dict[str, Any]
) -> None:
    named = (police.name, "police")
    (document,) = record.services.documents.listed(owner, full["case_id"])
    alone = record.services.documents.read(owner, document["id"])
    opened = record.services.files.read(owner, full["case_id"])
    version = record.services.review.read(owner, full["id"])
    facts = record.services.people.household.listed(owner, full["case_id"])
    (signed,) = record.services.casework.sign_offs.of_case(owner, full["case_id"])
    for row in (
        *document["versions"],
        *document["custody"],
        *alone["versions"],
        *alone["custody"],
        *opened["code_decisions"],
        *opened["flag_decisions"],
        *version["decisions"].values(),
        version["approval"],
        *(f for f in facts if f["field"] == "x"),
    ):
        assert (row["by_name"], row["by_agency"]) == named, row
    assert signed["requested_agency"] == "police"


@pytest.mark.parametrize("relation", RELATIONS)
def test_names_go_as_far_as_the_rows(
    record: Record, full: dict[str, Any], related: Callable[[str, Actor], None], relation: str
) -> None:
    somebody = record.person("malee.bpd").id
    related(relation, Actor(somebody, "bpd", ""))
    agency = "pmj" if relation == "own" else "bpd"
    for role in ROLES:
        who = Actor(somebody, agency, role)
        told, rows = acted(record, who, full["case_id"])
        for part in WRITTEN:
            authors = {row["id"] for row in rows[part]} - {None}
            assert {row["id"] for row in told[part]} == authors, (role, part)
            assert all(set(row) == {"id", "name", "agency_id"} for row in told[part])


@pytest.mark.parametrize("login", ["researcher", "admin"])
def test_settings_of_the_owners_functions_open_no_name(
    record: Record, full: dict[str, Any], login: str
) -> None:
    who = record.person(login).actor
    settings = ("cmis.within", "cmis.research", "cmis.erasing")
    told, _ = acted(record, who, full["case_id"], *settings)
    assert not any(told.values())


def test_who_handled_a_hidden_document_is_hidden_too(
    record: Record, owner: Person, full: dict[str, Any]
) -> None:
    hide = "UPDATE documents SET hidden_from = CAST(:h AS text[]) WHERE id = :d"
    record.owner(hide, h=[owner.role], d=full["id"])
    assert acted(record, owner.actor, full["case_id"])[0]["documents"] == []
    record.owner(hide, h=[], d=full["id"])
    assert acted(record, owner.actor, full["case_id"])[0]["documents"] != []
