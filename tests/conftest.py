"""One embedded server for a whole test run, a migrated database for each test process.

With xdist the processes share the server (the first one in starts it, kernel locks keep it) and
each has a database of its own, copied from a template that is migrated once. Files that fill an
office each have a copy of its first state, so none meets what another left behind.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from runtime.database import Database, migrate
from runtime.embedded import EmbeddedPostgres
from runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from knowledge_base.embedder import Embedder

ROOT = "CMIS_TEST_ROOT"
KEPT = {ROOT, "CMIS_SHARED", "CMIS_CACHE_DIR", "CMIS_TEST_CHROMIUM", "CMIS_TRACE"}
TEMPLATE = "cmis_template"
# Durability against a power cut costs time and is not what these tests are about.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
MAIN = sys.modules["__main__"]


def pytest_configure(config: pytest.Config) -> None:
    """Forget the developer's own settings; make the folder all test processes share."""
    for name in [n for n in os.environ if n.startswith("CMIS_") and n not in KEPT]:
        del os.environ[name]
    if not hasattr(config, "workerinput"):
        os.environ[ROOT] = tempfile.mkdtemp(prefix="cmis-", dir="/tmp")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With several test processes, see ``tests.scheduling``."""
    from tests.scheduling import ByFile

    return ByFile(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder stops the server and removes it."""
    if hasattr(config, "workerinput") or ROOT not in os.environ:
        return
    root = Path(os.environ.pop(ROOT))
    if (root / "postgres").exists():
        EmbeddedPostgres(root, options=FAST).stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def test_root() -> Path:
    """The folder of this test run, with a path short enough for sockets."""
    return Path(os.environ[ROOT])


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """A page drawn in a test process stays behind as its ``__main__``.

    A process spawned later would run that page before anything else.
    """
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture(scope="session")
def server(test_root: Path) -> Iterator[EmbeddedPostgres]:
    """The run's embedded server with its migrated template."""
    running = EmbeddedPostgres(test_root, options=FAST)
    running.start()
    with _alone(test_root / "template.lock"), closing(_owner(running)) as owner:
        if not _exists(owner, TEMPLATE):
            owner.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}_draft")
            owner.execute(f"CREATE DATABASE {TEMPLATE}_draft")
            draft = Database(running.addresses(f"{TEMPLATE}_draft"))
            migrate(draft)
            draft.close()
            owner.execute(f"ALTER DATABASE {TEMPLATE}_draft RENAME TO {TEMPLATE}")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def make_database(server: EmbeddedPostgres, worker_id: str) -> Callable[..., Database]:
    """Makes one more database on each call: migrated and empty, or a copy of ``of``.

    Nobody may be connected to the one that is copied.
    """
    numbers = count()

    def make(of: str = TEMPLATE) -> Database:
        name = f"cmis_{worker_id}_{next(numbers)}"
        with _alone(server.data_dir / "template.lock"), closing(_owner(server)) as owner:
            owner.execute(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY")
        return Database(server.addresses(name))

    return make


@pytest.fixture(scope="session")
def drop_database(server: EmbeddedPostgres) -> Callable[[Database], None]:
    """Closes a database that was made for a while, and drops it."""

    def drop(made: Database) -> None:
        made.close()
        with closing(_owner(server)) as owner:
            owner.execute(f"DROP DATABASE {name_of(made)} WITH (FORCE)")

    return drop


def name_of(database: Database) -> str:
    """A database's name at its server."""
    return str(make_url(database.addresses.app_url).database)


@pytest.fixture(scope="session")
def database(make_database: Callable[[], Database]) -> Iterator[Database]:
    """This process's migrated database; what a test writes stays for the next one."""
    made = make_database()
    yield made
    made.close()


@pytest.fixture
def fresh_database(
    make_database: Callable[[], Database], drop_database: Callable[[Database], None]
) -> Iterator[Database]:
    """A migrated, empty database for one test, dropped after it."""
    made = make_database()
    yield made
    drop_database(made)


@pytest.fixture
def db_session(database: Database) -> Iterator[Session]:
    """A transaction as the application's role with nobody signed in, undone after the test."""
    with Session(database.engine) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session")
def settings(database: Database, test_root: Path, worker_id: str) -> Settings:
    """Defaults, but an own data folder and this process's database. The cache is the real one."""
    return load_settings(
        data_dir=test_root / worker_id,
        database_url=database.addresses.app_url,
        database_owner_url=database.addresses.owner_url,
    )


@pytest.fixture(scope="session")
def embedder(test_root: Path, worker_id: str) -> Embedder:
    """The real embedding model, opened once per process."""
    from knowledge_base.embedder import open_embedder

    return open_embedder(load_settings(data_dir=test_root / worker_id))


def _owner(server: EmbeddedPostgres) -> psycopg.Connection[tuple[object, ...]]:
    url = make_url(server.addresses("postgres").owner_url)
    return psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True
    )


def _exists(owner: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    found = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
    return found.fetchone() is not None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
