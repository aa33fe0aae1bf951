"""Who sees and writes which part of a case by which relation, asked of the database itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cases.people import CASE_ROLES, Person
from cases.person_identity import Identity
from intake.name_matching import levelled_name
from runtime.actor import Actor
from runtime.database import Database
from tests.integration.record import Record
from tests.integration.relations import RELATIONS, relate
from tests.integration.test_cases_rows import ROLES

STORY = {"narratives"}
CODES = {"codings", "code_decisions"}
PLAN = {"draft_runs", "plan_versions", "item_decisions", "approvals"}
TRAIL = {"audit_events"}
CASE = {"cases"}
ALL = STORY | CODES | PLAN | TRAIL | CASE
FAMILY = "นามสมมุติ"
RECEIVING = CASE_ROLES | {"partner_officer"}
# Which roles each relation opens, and to which tables; everything else sees nothing.
OPEN = {
    "referred": (RECEIVING, STORY | CODES | PLAN | CASE),
    "mdt": (RECEIVING | {"mdt_member"}, CODES | PLAN | CASE),
    "glass": (CASE_ROLES, ALL),
}


@pytest.fixture(scope="module")
def full(record: Record, owner: Person) -> dict[str, Any]:
    """A version of a case that has a row in every table."""
    version = record.drafted(owner)
    values = {"c": version["case_id"], "v": version["id"], "u": owner.id}
    record.services.files.decide_code(owner, version["case_id"], "DST-01", "added")
    record.owner(
        "INSERT INTO item_decisions (case_id, version_id, sentence_id, revision, decision,"
        " decided_by) VALUES (:c, :v, 's1', 1, 'accepted', :u)",
        **values,
    )
    record.owner(
        "INSERT INTO approvals (version_id, case_id, content_hash, approved_content,"
        " approved_hash, approved_by) VALUES (:v, :c, :h, '{}', '', :u)",
        **values,
        h=version["content_hash"],
    )
    return version


@pytest.fixture
def made(
    record: Record, full: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Callable[[str, Actor], None]]:
    """Makes a relation that ends with its test."""

    def make(relation: str, who: Actor) -> None:
        relate(record, relation, full, who)

    yield make
    for table in ("glass_breaks", "conferences", "referrals", "consents"):
        record.owner(f"DELETE FROM {table} WHERE case_id = :c", c=full["case_id"])  # noqa: S608


def seen(database: Database, who: Actor, case_id: str) -> set[str]:
    """The tables in which an actor sees a row of the case."""
    columns = dict.fromkeys(ALL, "case_id") | {"cases": "id"}
    with database.session(who) as session:
        return {
            table
            for table, column in columns.items()
            if session.scalar(
                text(f"SELECT count(*) FROM {table} WHERE {column} = :c"),  # noqa: S608
                {"c": case_id},
            )
        }


def written(database: Database, who: Actor, case_id: str) -> bool:
    """Whether an actor can add a decision on a code of the case."""
    statement = text(
        "INSERT INTO code_decisions (case_id, code, decision, decided_by)"
        " VALUES (:c, 'VIO-01', 'accepted', :u)"
    )
    try:
        with database.session(who) as session:
            session.execute(statement, {"c": case_id, "u": who.user_id})
            session.rollback()
    except ProgrammingError:
        return False
    return True


TELLS = """INSERT INTO narratives (id, case_id, text, sha256, source, created_by, told_at)
    VALUES ('more', :c, 'x', 'x', '', :u, now())"""
RAISES = "UPDATE cases SET urgency = 'immediate_1h' WHERE id = :c RETURNING id"


def adds_to_the_story(database: Database, who: Actor, case_id: str) -> tuple[bool, bool]:
    """Whether an actor can add to the story of the case, and raise its urgency."""
    told = raised = False
    values = {"c": case_id, "u": who.user_id}
    with suppress(ProgrammingError), database.session(who) as session:
        session.execute(text(TELLS), values)
        told = True
        session.rollback()
    with suppress(ProgrammingError), database.session(who) as session:
        raised = session.execute(text(RAISES), values).first() is not None
        session.rollback()
    return told, raised


@pytest.mark.parametrize("relation", RELATIONS)
def test_each_relation_of_each_role(
    record: Record, full: dict[str, Any], made: Callable[[str, Actor], None], relation: str
) -> None:
    somebody = record.person("malee.bpd").id
    made(relation, Actor(somebody, "bpd", ""))
    agency = "pmj" if relation == "own" else "bpd"
    for role in ROLES:
        who = Actor(somebody, agency, role)
        roles, tables = OPEN.get(relation, (frozenset(), set()))
        wanted = tables if role in roles else set()
        if relation == "own" and role in CASE_ROLES | {"auditor"}:
            wanted = ALL
        assert seen(record.database, who, full["case_id"]) == wanted, role
        writes = relation == "own" and role in CASE_ROLES
        assert written(record.database, who, full["case_id"]) == writes, role
        told = adds_to_the_story(record.database, who, full["case_id"])
        assert told == (writes, writes), role


@pytest.fixture(scope="module")
def people(record: Record, owner: Person, full: dict[str, Any]) -> list[list[Any]]:
    """Kinds and tokens of the case's client and of who reported it."""
    persons, found = record.services.people.persons, []
    for role, name in (("client", "พะยอม"), ("reporter", "ประดับ")):
        who = Identity(given_name=name, family_name=FAMILY)
        persons.add(owner, full["case_id"], role, identity=who)
        found.append(
            [*persons.keys.blind([("name", " ".join(map(levelled_name, (name, FAMILY))))])]
        )
    return found


@pytest.mark.parametrize("relation", RELATIONS)
def test_who_finds_a_case_by_its_people(
    record: Record,
    full: dict[str, Any],
    people: list[list[Any]],
    made: Callable[[str, Actor], None],
    relation: str,
) -> None:
    """Also where a letter or an invitation opens the people: a conference is not told of them."""
    somebody = record.person("malee.bpd").id
    made(relation, Actor(somebody, "bpd", ""))
    for table in ("referrals", "conference_members"):
        more = f"UPDATE {table} SET parts = parts || ARRAY['persons'] WHERE case_id = :c"  # noqa: S608
        record.owner(more, c=full["case_id"])
    ask = text("SELECT case_id FROM cmis_find_people(:k, :b, CAST(:told AS text[]))")
    for role in ROLES:
        who = Actor(somebody, "pmj" if relation == "own" else "bpd", role)
        own = relation == "own" and role in CASE_ROLES | {"auditor"}
        opened = relation == "glass" and role in CASE_ROLES
        letter = relation == "referred" and role in RECEIVING
        for told in ([], ["name"]):
            wanted = [own or opened or (letter and told == ["name"]), own]
            with record.database.session(who) as session:
                found = [
                    full["case_id"] in session.scalars(ask, {"k": k, "b": b, "told": told}).all()
                    for k, b in people
                ]
            assert found == wanted, (role, told)


def test_an_invited_member_of_the_same_agency_is_no_case_worker(
    record: Record, full: dict[str, Any], made: Callable[[str, Actor], None]
) -> None:
    doctor = record.person("doctor.mdt").actor
    assert seen(record.database, doctor, full["case_id"]) == set()
    made("mdt", doctor)
    assert seen(record.database, doctor, full["case_id"]) == CODES | PLAN | CASE
    assert not written(record.database, doctor, full["case_id"])


def test_only_the_cases_own_workers_hear_its_recording(
    record: Record, full: dict[str, Any], made: Callable[[str, Actor], None]
) -> None:
    owner, doctor = record.person("somying.pmj"), record.person("doctor.mdt").actor
    record.owner(
        "INSERT INTO recordings (id, agency_id, case_id, sha256, salt, size_bytes, decoder,"
        " media_type, file_name, created_by) VALUES (:i, 'pmj', :c, :i, '', 1, 'x', 'audio/wav',"
        " 'x', :u)",
        i="heard",
        c=full["case_id"],
        u=owner.id,
    )
    for relation in ("mdt", "glass"):
        made(relation, doctor)
    ask = text("SELECT count(*) FROM recordings WHERE case_id = :c")
    auditor = record.person("auditor").actor
    for who, heard in ((owner.actor, 1), (auditor, 1), (doctor, 0)):
        with record.database.session(who) as session:
            assert session.scalar(ask, {"c": full["case_id"]}) == heard
    record.owner("DELETE FROM recordings WHERE id = 'heard'")


def test_a_relation_is_one_persons_or_one_agencys(
    record: Record, full: dict[str, Any], made: Callable[[str, Actor], None]
) -> None:
    malee = record.person("malee.bpd").actor
    for relation in ("mdt", "glass", "referred"):
        made(relation, malee)
    assert seen(record.database, record.person("anan.prosecutor").actor, full["case_id"]) == set()
    colleague = Actor("x", "bpd", "social_worker_shelter")
    assert seen(record.database, colleague, full["case_id"]) == OPEN["referred"][1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET agency_id = 'bpd'",
        "UPDATE cases SET owner_id = owner_id",
        "INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, expires_at)"
        " SELECT 'x', :c, :u, 'bpd', 'x', repeat('x', 30), now()",
        "UPDATE referrals SET parts = '{}'",
        "UPDATE consents SET expires_at = now()",
        "DELETE FROM referrals",
        "DELETE FROM consents",
    ],
)
def test_no_one_writes_their_own_way_in(
    record: Record, full: dict[str, Any], statement: str
) -> None:
    for login in ("malee.bpd", "somying.pmj"):
        who = record.person(login)
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            record.database.session(who.actor) as session,
        ):
            session.execute(text(statement), {"c": full["case_id"], "u": who.id})


ADDED = (
    "INSERT INTO entries (id, case_id, kind, content, content_hash, agency_id, recorded_by,"
    " recorded_name) VALUES (:i, :c, 'visit', '{}', 'x', 'bpd', :u, 'x')",
    "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, added_by)"
    " VALUES (:i, :c, 'x', 'x', 'x', false, 'x', now(), :u)",
    "INSERT INTO documents (id, case_id, type_id, title, created_by)"
    " VALUES (:i, :c, 'doc:13', 'x', :u)",
)
CHANGED = (
    "UPDATE deadlines SET status = 'done', done_by = :u WHERE case_id = :c",
    "UPDATE consents SET withdrawn_at = now(), withdrawn_by = :u WHERE case_id = :c",
)


def test_an_emergency_opening_reads_and_writes_nothing(
    record: Record, full: dict[str, Any], made: Callable[[str, Actor], None]
) -> None:
    malee = record.person("malee.bpd")
    made("withdrawn", record.person("anan.prosecutor").actor)
    made("glass", malee.actor)
    owner = {"i": "put", "c": full["case_id"], "u": record.person("somying.pmj").id}
    record.owner(ADDED[1], **owner)
    values = {"i": "glass", "c": full["case_id"], "u": malee.id}
    for statement in ADDED:
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            record.database.session(malee.actor) as session,
        ):
            session.execute(text(statement), values)
    for statement in CHANGED:
        with record.database.session(malee.actor) as session:
            assert session.execute(text(statement), values).rowcount == 0  # type: ignore[attr-defined]
    record.owner("DELETE FROM deadlines WHERE id = 'put'")


LIMIT = """INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due,
    added_by, agency_id) VALUES (:i, :c, :k, :i, 'x', :s, 'x', now(), :u, :a)"""
ENDED = "UPDATE deadlines SET status = 'done', done_at = now(), done_by = :u WHERE id = :i"


def test_whom_the_steps_are_opened_to_ends_what_their_agency_added(
    record: Record, full: dict[str, Any], made: Callable[[str, Actor], None]
) -> None:
    malee, owner = record.person("malee.bpd"), record.person("somying.pmj")
    made("referred", malee.actor)
    record.owner(
        "UPDATE referrals SET parts = parts || ARRAY['steps'] WHERE case_id = :c",
        c=full["case_id"],
    )
    rows = {
        "of-the-owner": ("x", False, "pmj", False),
        "of-bpd": ("x", False, "bpd", True),
        "danger-of-bpd": ("unsafe", False, "bpd", False),
        "watch-of-bpd": ("recurrence", False, "bpd", False),
        "law-of-bpd": ("x", True, "bpd", False),
        "of-nobody": ("x", False, None, False),
    }
    for name, (kind, statutory, agency, may) in rows.items():
        given = {"i": name, "c": full["case_id"], "k": kind, "s": statutory, "a": agency}
        record.owner(LIMIT, **given, u=owner.id)
        for who, allowed in ((malee, may), (owner, True)):
            with record.database.session(who.actor) as session:
                done = session.execute(text(ENDED), {"i": name, "u": who.id}).rowcount  # type: ignore[attr-defined]
                session.rollback()
            assert done == int(allowed), (name, who.login)
    new = {"i": "new", "c": full["case_id"], "k": "x", "u": malee.id}
    for wrong in ({"a": "pmj", "s": False}, {"a": "bpd", "s": True}):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            record.database.session(malee.actor) as session,
        ):
            session.execute(text(LIMIT), new | wrong)
    record.owner("DELETE FROM deadlines WHERE id = ANY (:i)", i=list(rows))


@pytest.mark.parametrize(
    ("kind", "of_kind", "late", "ends"),
    [
        ("visit", "visit", False, True),
        ("visit", "unsafe", False, False),
        ("visit", "reassessment", False, False),
        ("visit", "visit", True, False),
    ],
)
def test_an_entry_answers_what_it_is_about_and_only_as_it_is_recorded(
    record: Record,
    full: dict[str, Any],
    made: Callable[[str, Actor], None],
    kind: str,
    of_kind: str,
    late: bool,
    ends: bool,
) -> None:
    malee, owner = record.person("malee.bpd"), record.person("somying.pmj")
    made("referred", malee.actor)
    case_id = full["case_id"]
    record.owner(
        "UPDATE referrals SET parts = parts || ARRAY['steps'] WHERE case_id = :c", c=case_id
    )
    given = {"i": "answered", "c": case_id, "k": of_kind, "s": False, "a": "pmj", "u": owner.id}
    record.owner(LIMIT, **given)
    said = {"i": f"{kind}-{of_kind}-{late}", "c": case_id, "u": malee.id}
    answer = "SELECT cmis_end_by_entry(:i, :k, 'done', NULL)"
    statements = [text(ADDED[0]), text(answer)]
    transactions = [[s] for s in statements] if late else [statements]
    with nullcontext() if ends else pytest.raises(ProgrammingError, match="no entry that ends"):
        for transaction in transactions:
            with record.database.session(malee.actor) as session:
                for statement in transaction:
                    session.execute(statement, said | {"k": of_kind})
    (row,) = record.owner("SELECT status, ended_by FROM deadlines WHERE id = 'answered'")
    assert tuple(row) == (("done", said["i"]) if ends else ("open", None))
    record.owner("DELETE FROM deadlines WHERE id = 'answered'")


def test_what_only_the_owners_functions_regard_opens_nothing(
    record: Record, full: dict[str, Any]
) -> None:
    stranger = record.person("malee.bpd").actor
    with record.database.session(stranger) as session:
        session.execute(text("SELECT set_config('cmis.within', 'on', true)"))
        assert not session.scalar(
            text("SELECT count(*) FROM cases WHERE id = :c"), {"c": full["case_id"]}
        )


def test_a_visible_case_is_told_by_one_function(record: Record, full: dict[str, Any]) -> None:
    ask = text("SELECT cmis_case_visible(:c), cmis_relation(:c)")
    for login, wanted in (("somying.pmj", (True, "own")), ("malee.bpd", (False, None))):
        with record.database.session(record.person(login).actor) as session:
            assert tuple(session.execute(ask, {"c": full["case_id"]}).one()) == wanted


# Which part of a case a table belongs to; 'any' for what every relation may know, 'own' for what
# the case's own agency alone may. Reviewed: a table with a case in it and no row here fails.
PART_OF = {
    "approvals": "plan",
    "audit_events": "trail",
    "case_conditions": "own",
    "case_imports": "any",
    "case_names": "own",
    "case_persons": "persons",
    "case_words": "story",
    "chain_heads": "any",
    "checkpoint_leaves": "any",
    "code_decisions": "codes",
    "codings": "codes",
    "conference_members": "conference",
    "conference_posts": "conference",
    "conference_tasks": "conference",
    "conference_votes": "conference",
    "conferences": "conference",
    "consents": "case",
    "deadlines": "steps",
    "document_custody": "documents",
    "document_keys": "documents",
    "document_versions": "documents",
    "documents": "documents",
    "draft_runs": "plan",
    "entries": "steps",
    "flag_decisions": "codes",
    "glass_breaks": "own",
    "household_facts": "persons",
    "item_decisions": "plan",
    "legal_holds": "persons",
    "limits_taken_back": "steps",
    "narratives": "story",
    "notices": "any",
    "opening_keys": "any",
    "person_relations": "persons",
    "plan_edits": "any",
    "plan_services": "services",
    "plan_versions": "plan",
    "recordings": "own",
    "referrals": "own",
    "row_seals": "any",
    "row_tombstones": "any",
    "run_parts": "own",
    "sign_offs": "sign_offs",
    "trial_assignments": "any",
    "webhook_deliveries": "any",
}
POLICIES = """
SELECT c.relname AS name, coalesce(string_agg(p.qual, ' '), '') AS rule
FROM pg_class c LEFT JOIN pg_policies p ON p.tablename = c.relname
    AND p.cmd IN ('SELECT', 'ALL') AND p.permissive = 'PERMISSIVE'
    AND p.policyname NOT LIKE 'within%' AND NOT ('postgres' = ANY (p.roles))
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'case_id')
GROUP BY c.relname
"""


def test_every_table_with_a_case_is_of_a_reviewed_part(record: Record) -> None:
    """Read from the catalogue, so that a table somebody adds is looked at."""
    found = {}
    for name, rule in record.owner(POLICIES):
        parts = set(re.findall(r"cmis_opened_cases\('(\w+)'", rule))
        own = "cmis_home_agency()" in rule
        found[name] = parts.pop() if len(parts) == 1 else "own" if own else "any"
    assert {n: p for n, p in found.items() if PART_OF.get(n) != p} == {}
    assert found.keys() == PART_OF.keys()
