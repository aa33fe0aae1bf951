"""The database as the application meets it: weak role, actor per transaction, migrations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from runtime.actor import Actor
from runtime.database import Database, DatabaseBusy, SchemaNewer, migrate, open_database, revisions
from runtime.embedded import Addresses, EmbeddedPostgres
from runtime.messages import LANGUAGES
from runtime.postgres_files import DatabaseUnreachable
from runtime.server_checks import (
    AppRoleMissing,
    RoleTooPowerful,
    ServerTooOld,
    VectorMissing,
)
from runtime.settings import Settings

MAI = Actor("u-1", "agency-1", "case_manager")
WHO = text("SELECT cmis_user_id(), cmis_agency_id(), cmis_role()")
RAW = text(
    "SELECT coalesce(current_setting('cmis.user_id', true), ''),"
    " coalesce(current_setting('cmis.role', true), ''), pg_backend_pid()"
)


@pytest.fixture
def notes(fresh_database: Database) -> Database:
    """A table of the owner's that policies guard, as the record's tables are."""
    with fresh_database.owner_engine.begin() as owner:
        owner.execute(text("CREATE TABLE note (id int PRIMARY KEY, agency_id text, body text)"))
        owner.execute(text("ALTER TABLE note ENABLE ROW LEVEL SECURITY"))
        owner.execute(text("ALTER TABLE note FORCE ROW LEVEL SECURITY"))
        owner.execute(
            text("CREATE POLICY own ON note TO cmis_app USING (agency_id = cmis_agency_id())")
        )
        owner.execute(text("INSERT INTO note VALUES (1, 'agency-1', 'a'), (2, 'agency-2', 'b')"))
    return fresh_database


def ids(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT id FROM note ORDER BY id")))


def test_application_signs_in_weak(database: Database) -> None:
    database.verify()
    with database.session() as session:
        assert session.scalar(text("SELECT current_user")) == "cmis_app"
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("CREATE TABLE mine (id int)"))
        session.rollback()


def test_actor_is_told_for_the_transaction(database: Database) -> None:
    with database.session(MAI) as session:
        assert tuple(session.execute(WHO).one()) == ("u-1", "agency-1", "case_manager")
    with database.session() as session:
        assert tuple(session.execute(WHO).one()) == (None, None, None)


def test_pooled_connection_carries_nobody_over(database: Database) -> None:
    one = Database(database.addresses, pool_size=1)
    with closing(one):
        with one.session(MAI) as session:
            first = session.execute(RAW).one()
        with one.engine.connect() as connection:
            second = connection.execute(RAW).one()
        with pytest.raises(ZeroDivisionError), one.session(MAI):
            raise ZeroDivisionError
        with one.engine.connect() as connection:
            third = connection.execute(RAW).one()
    assert tuple(first)[:2] == ("u-1", "case_manager")
    assert tuple(second)[:2] == tuple(third)[:2] == ("", "")
    assert first[2] == second[2] == third[2]


def test_settings_left_on_a_connection_are_overridden(database: Database) -> None:
    one = Database(database.addresses, pool_size=1)
    with closing(one):
        with one.engine.begin() as connection:
            connection.execute(text("SELECT set_config('cmis.agency_id', 'agency-9', false)"))
        with one.session() as session:
            assert session.execute(WHO).one()[1] is None


def test_rows_follow_the_actor(notes: Database) -> None:
    with notes.session(MAI) as session:
        assert ids(session) == [1]
    with notes.session(replace(MAI, agency_id="agency-2")) as session:
        assert ids(session) == [2]
    with notes.session() as session:
        assert ids(session) == []
    with pytest.raises(DBAPIError, match="row-level security"), notes.session(MAI) as session:
        session.execute(text("INSERT INTO note VALUES (3, 'agency-2', 'c')"))


def test_after_a_commit_inside_nobody_is_signed_in(notes: Database) -> None:
    with Session(notes.engine) as session:
        session.execute(text("SELECT set_config('cmis.agency_id', 'agency-1', true)"))
        assert ids(session) == [1]
        session.commit()
        assert ids(session) == []


def test_commit_at_the_end_rollback_on_error(notes: Database) -> None:
    insert = text("INSERT INTO note VALUES (:id, 'agency-1', 'x')")

    def write_and_fail() -> None:
        with notes.session(MAI) as session:
            session.execute(insert, {"id": 10})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with notes.session(MAI) as session:
        session.execute(insert, {"id": 11})
    with notes.session(MAI) as session:
        assert ids(session) == [1, 11]


def test_errors_hide_what_people_wrote(notes: Database) -> None:
    insert = text("INSERT INTO note VALUES (1, 'agency-1', :body)")
    with pytest.raises(DBAPIError) as failed, notes.session(MAI) as session:
        session.execute(insert, {"body": "a private story"})
    assert "a private story" not in str(failed.value)


def test_later_tables_are_granted(notes: Database) -> None:
    with notes.session() as session:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            asked = text("SELECT has_table_privilege('note', :right)")
            assert session.scalar(asked, {"right": right})
        assert not session.scalar(text("SELECT has_table_privilege('note', 'TRUNCATE')"))


def test_owner_as_application_is_refused(database: Database) -> None:
    address = database.addresses.owner_url
    careless = Database(Addresses(address, address))
    with closing(careless), pytest.raises(RoleTooPowerful) as refused:
        careless.verify()
    assert refused.value.details["role"] == "postgres"
    assert "superuser" in str(refused.value.details["reason"])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        ("CREATE ROLE {r} LOGIN BYPASSRLS", "BYPASSRLS"),
        ("CREATE ROLE {r} LOGIN; CREATE TABLE o (); ALTER TABLE o OWNER TO {r}", "table owner"),
        ("CREATE ROLE {r} LOGIN; GRANT postgres TO {r}", "superuser"),
    ],
)
def test_powerful_roles_are_refused(fresh_database: Database, make: str, reason: str) -> None:
    role = f"strong_{abs(hash(make)) % 10**8}"
    with fresh_database.owner_engine.begin() as owner:
        driver = owner.connection.driver_connection
        assert driver is not None
        driver.execute(make.format(r=role))
    given = fresh_database.addresses
    url = make_url(given.app_url).set(username=role).render_as_string()
    try:
        strong = Database(Addresses(given.owner_url, url))
        with closing(strong), pytest.raises(RoleTooPowerful) as refused:
            strong.verify()
        assert reason in str(refused.value.details["reason"])
    finally:
        with fresh_database.owner_engine.begin() as owner:
            owner.execute(text(f"DROP OWNED BY {role}"))
            owner.execute(text(f"DROP ROLE {role}"))


def test_open_database_migrates_and_verifies(settings: Settings) -> None:
    with closing(open_database(settings)) as opened:
        opened.ping()


def test_open_database_refuses_a_powerful_role(settings: Settings) -> None:
    careless = settings.model_copy(update={"database_url": settings.database_owner_url})
    with pytest.raises(RoleTooPowerful):
        open_database(careless)


def test_nobody_answers() -> None:
    nowhere = "postgresql+psycopg://cmis_app@127.0.0.1:1/cmis"
    with closing(Database(Addresses(nowhere, nowhere))) as absent:
        for asking in (absent.ping, absent.verify, lambda: migrate(absent)):
            with pytest.raises(DatabaseUnreachable):
                asking()


def test_two_migrations_at_once(
    server: EmbeddedPostgres, make_database: Callable[[], Database]
) -> None:
    owner_url = make_url(server.addresses("postgres").owner_url)
    with closing(
        psycopg.connect(
            host=str(owner_url.query["host"]), user="postgres", dbname="postgres", autocommit=True
        )
    ) as owner:
        owner.execute("CREATE DATABASE cmis_race")
    racers = [Database(server.addresses("cmis_race")) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, racers))
    with racers[0].session() as session:
        assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    for racer in racers:
        racer.close()


def test_newer_schema_is_refused(fresh_database: Database) -> None:
    with fresh_database.owner_engine.begin() as owner:
        owner.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    with pytest.raises(SchemaNewer):
        migrate(fresh_database)


def test_revisions_are_one_line() -> None:
    known = revisions()
    assert known[0] == "0001_roles"
    assert known == sorted(known)


def test_migrations_are_found_from_anywhere(tmp_path: Path) -> None:
    script = "from runtime.database import revisions; print(revisions()[0])"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {script}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0001_roles"


def test_every_refusal_has_words() -> None:
    details = {"role": "r", "reason": "x", "found": 1, "wanted": 2}
    errors = (
        RoleTooPowerful,
        AppRoleMissing,
        VectorMissing,
        ServerTooOld,
        SchemaNewer,
        DatabaseUnreachable,
    )
    for error in errors:
        for lang in LANGUAGES:
            assert error(**details).say(lang) != error.code


def test_of_two_that_wait_for_one_another_one_is_told_to_try_again(database: Database) -> None:
    hold = text("SELECT pg_advisory_xact_lock(:key)")

    def hold_both(key: int, then: int, started: Barrier) -> str:
        try:
            with database.session(MAI) as session:
                session.execute(hold, {"key": key})
                started.wait(20)
                session.execute(hold, {"key": then})
        except DatabaseBusy as busy:
            return busy.code
        return "done"

    started = Barrier(2)
    with ThreadPoolExecutor(2) as apart:
        ends = [apart.submit(hold_both, key, then, started) for key, then in ((71, 72), (72, 71))]
    assert sorted(end.result() for end in ends) == ["database.busy", "done"]
