"""The schema's history on both PostgreSQL versions the product supports and carries."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ProgrammingError

from runtime import server_checks
from runtime.actor import Actor
from runtime.database import Database, migrate, revisions, unmigrate
from runtime.embedded import Addresses, EmbeddedPostgres
from runtime.jobs import JobQueue, JobState, defer, job_state
from runtime.server_checks import AppRoleMissing, ServerTooOld, SettingsClosed, VectorMissing

VERSIONS = (16, 18)
OBJECTS = text(
    """
    SELECT 'relation ' || relkind::text || ' ' || relname FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    UNION SELECT 'column ' || table_name || ' ' || column_name || ' ' || udt_name || ' '
        || is_nullable FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT 'function ' || p.oid::regprocedure::text FROM pg_proc p
        WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd FROM pg_policies
    """
)


@pytest.fixture(scope="module", params=VERSIONS)
def cluster(request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="cmis-m-", dir="/tmp"))
    server = EmbeddedPostgres(folder, version=request.param, options={"fsync": "off"})
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def empty(cluster: EmbeddedPostgres) -> Callable[[], Database]:
    """Makes an empty database, not migrated, on each call."""
    numbers = count()

    def make() -> Database:
        name = f"empty_{next(numbers)}"
        as_owner(cluster, f"CREATE DATABASE {name}")
        return Database(cluster.addresses(name))

    return make


def as_owner(cluster: EmbeddedPostgres, *statements: str, database: str = "postgres") -> None:
    owner = Database(cluster.addresses(database))
    with owner.owner_engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in statements:
            connection.execute(text(statement))
    owner.close()


def objects(database: Database) -> set[str]:
    with database.owner_engine.connect() as connection:
        return set(connection.scalars(OBJECTS))


def test_server_is_the_version_meant(cluster: EmbeddedPostgres) -> None:
    database = Database(cluster.addresses())
    with closing(database), database.owner_engine.connect() as connection:
        shown = connection.scalar(text("SHOW server_version"))
    assert str(shown).startswith(f"{cluster.version}.")


def test_one_step_at_a_time_and_all_at_once_agree(empty: Callable[[], Database]) -> None:
    with closing(empty()) as stepped, closing(empty()) as whole:
        for revision in revisions():
            migrate(stepped, revision)
        migrate(whole)
        assert objects(stepped) == objects(whole)
        whole.verify()


def test_migrating_again_changes_nothing(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database)
        before = objects(database)
        migrate(database)
        assert objects(database) == before


def test_first_revision_goes_back_without_a_trace(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database, "0001_roles")
        made = objects(database)
        unmigrate(database, "base")
        left = {name for name in objects(database) if "alembic_version" not in name}
        assert left == set()
        migrate(database, "0001_roles")
        assert objects(database) == made


def test_failed_migration_leaves_nothing(
    empty: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(empty()) as database:
        with database.owner_engine.begin() as owner:
            owner.execute(text("CREATE TABLE procrastinate_jobs (in_the_way int)"))
        before = objects(database)
        with pytest.raises(Exception, match="already exists"):
            migrate(database)
        assert objects(database) == before


def test_role_is_weak(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database)
        with database.owner_engine.connect() as connection:
            row = connection.execute(
                text(
                    "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication,"
                    " rolbypassrls FROM pg_roles WHERE rolname = 'cmis_app'"
                )
            ).one()
        assert tuple(row) == (True, False, False, False, False, False)


def test_queue_works_for_the_application(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database)
        with database.session() as session:
            job = defer(session, "note", {"id": 1})
        seen: list[Any] = []
        JobQueue(database).worker({"note": lambda payload, context: seen.append(payload)}).run(
            wait=False
        )
        with database.session() as session:
            assert job_state(session, job) == JobState("succeeded", 1)
        assert seen == [{"id": 1}]


def test_jobs_survive_the_later_revisions(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database, "0001_roles")
        with database.session() as session:
            job = defer(session, "note", {})
        migrate(database)
        with database.session() as session:
            assert job_state(session, job) == JobState("todo", 0)


def test_application_cannot_alter_the_history(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database, "0001_roles")
        with database.session() as session:
            assert session.scalar(text("SELECT version_num FROM alembic_version"))
        with pytest.raises(ProgrammingError, match="permission denied"), database.session() as s:
            s.execute(text("UPDATE alembic_version SET version_num = 'x'"))


def test_who_asks_is_read_by_functions(empty: Callable[[], Database]) -> None:
    with closing(empty()) as database:
        migrate(database, "0001_roles")
        with database.session(Actor("u", "a", "r")) as session:
            row = session.execute(text("SELECT cmis_user_id(), cmis_agency_id(), cmis_role()"))
            assert tuple(row.one()) == ("u", "a", "r")


def test_two_new_databases_at_once_share_the_role(empty: Callable[[], Database]) -> None:
    both = [empty() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, both))
    for database in both:
        database.verify()
        database.close()


OFFICES = count()


def owned(cluster: EmbeddedPostgres, rights: str, *, may_set: bool = True) -> Database:
    """A given server's usual case: the owner is no superuser."""
    name = f"office_{next(OFFICES)}"
    as_owner(cluster, f"CREATE ROLE {name} LOGIN {rights}", f"CREATE DATABASE {name} OWNER {name}")
    as_owner(cluster, "CREATE EXTENSION vector", database=name)
    if may_set:
        as_owner(cluster, f"GRANT SET ON PARAMETER cmis.within, cmis.research TO {name}")
    given = cluster.addresses(name)
    owner_url = make_url(given.owner_url).set(username=name).render_as_string()
    return Database(Addresses(owner_url, given.app_url))


def test_owner_that_may_not_set_what_functions_need_is_told_so(cluster: EmbeddedPostgres) -> None:
    weak = owned(cluster, "CREATEROLE", may_set=False)
    with closing(weak) as database, pytest.raises(SettingsClosed) as no:
        migrate(database)
    assert "GRANT SET ON PARAMETER" in no.value.say("en")


def test_owner_that_is_no_superuser_is_enough(cluster: EmbeddedPostgres) -> None:
    with closing(owned(cluster, "CREATEROLE")) as database:
        migrate(database)
        database.verify()
        with database.session() as session:
            assert defer(session, "note", {})


def test_role_that_nobody_may_make_is_asked_for(
    cluster: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = str(server_checks._ROLE).replace("'cmis_app'", "'cmis_nobody_made'")
    monkeypatch.setattr(server_checks, "_ROLE", text(absent))
    with closing(owned(cluster, "NOCREATEROLE")) as database, pytest.raises(AppRoleMissing) as no:
        migrate(database, "0001_roles")
    assert "CREATE ROLE cmis_app" in no.value.say("th")


def test_server_without_vector_is_refused(
    empty: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Connection.execute

    def without_vector(self: Connection, statement: Any, *rest: Any, **more: Any) -> Any:
        words = str(statement).replace("EXISTS vector", "EXISTS no_such_vector")
        return original(self, text(words) if "EXTENSION" in words else statement, *rest, **more)

    with closing(empty()) as database:
        monkeypatch.setattr(Connection, "execute", without_vector)
        with pytest.raises(VectorMissing):
            migrate(database)


def test_old_server_is_refused(
    empty: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_checks, "MINIMUM", 99)
    with closing(empty()) as database, pytest.raises(ServerTooOld) as refused:
        migrate(database)
    assert refused.value.status == 503
