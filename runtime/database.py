"""The database: two engines, one transaction per piece of work, and the way to the newest schema.

The application's engine signs in as a role that row-level security binds; who is asking is told
to the database for one transaction only, so a pooled connection never carries a person over.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from runtime import migrations
from runtime.actor import Actor
from runtime.embedded import Addresses, addresses
from runtime.errors import PartMissing
from runtime.postgres_files import DatabaseUnreachable
from runtime.server_checks import require_weak_role
from runtime.settings import Settings

# Any number, the same in every process of this product: "cmis" in ASCII.
MIGRATING = 0x636D6973
_WHO = text(
    "SELECT set_config('cmis.user_id', :user_id, true), "
    "set_config('cmis.agency_id', :agency_id, true), set_config('cmis.role', :role, true)"
)
_NOBODY = Actor("", "", "")
# Alembic keeps what it runs in module globals.
_one_migration = threading.Lock()


DEADLOCK = "40P01"  # of two that wait for one another the database ends one; PostgreSQL appendix A


class DatabaseBusy(PartMissing):
    """Other work held what this needed; nothing of this was kept, and it can be done again."""

    code = "database.busy"


class SchemaNewer(PartMissing):
    """The database was migrated by a later version of this program."""

    code = "database.newer"


class Database:
    """Both ways into one database. Connects on first use; `close` ends all connections."""

    def __init__(self, addresses: Addresses, *, pool_size: int = 10) -> None:
        self.addresses = addresses
        self.engine = _engine(addresses.app_url, pool_size=pool_size, max_overflow=pool_size)
        self.owner_engine = _engine(addresses.owner_url, poolclass=NullPool)

    @contextmanager
    def session(self, actor: Actor | None = None) -> Iterator[Session]:
        """One transaction on behalf of ``actor``: commits at the end, rolls back on any error.

        Without an actor row policies see nobody. Raises `DatabaseUnreachable` when there is no
        connection or it broke, `DatabaseBusy` when the database ended this for other work.
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                speak_for(session, actor or _NOBODY)
                yield session
        except OperationalError as error:
            raise _refusal(error) from error

    def ping(self) -> None:
        """Ask the database for a sign of life; raises `DatabaseUnreachable`."""
        with self.session():
            pass

    def verify(self) -> None:
        """Raise `RoleTooPowerful` unless row-level security binds the application's role."""
        try:
            with self.engine.connect() as connection:
                require_weak_role(connection)
        except OperationalError as error:
            raise DatabaseUnreachable from error

    def close(self) -> None:
        """End every pooled connection."""
        self.engine.dispose()
        self.owner_engine.dispose()


def speak_for(session: Session, actor: Actor) -> None:
    """Say for the rest of this transaction on whose behalf it works."""
    told = {"user_id": actor.user_id, "agency_id": actor.agency_id, "role": actor.role}
    session.execute(_WHO, told)


def _refusal(error: OperationalError) -> Exception:
    state = getattr(error.orig, "sqlstate", None)
    if state == DEADLOCK:
        return DatabaseBusy()
    # A connection that could not be opened has no state.
    return DatabaseUnreachable() if state is None or error.connection_invalidated else error


def _engine(url: str, **pool: Any) -> Engine:
    return create_engine(
        url,
        pool_pre_ping="poolclass" not in pool,
        hide_parameters=True,
        connect_args={"application_name": "cmis", "connect_timeout": 10},
        **pool,
    )


def open_database(settings: Settings) -> Database:
    """The database of these settings: started if embedded, migrated, its role verified."""
    database = Database(addresses(settings))
    try:
        migrate(database)
        database.verify()
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema to ``revision``, all or nothing; a second process waits for the first.

    Raises `DatabaseUnreachable`, `SchemaNewer`, or what `runtime.server_checks` refuses.
    """
    _alembic(database, revision, command.upgrade)


def unmigrate(database: Database, revision: str) -> None:
    """Take the schema back to ``revision`` (``base``: to nothing)."""
    _alembic(database, revision, command.downgrade)


def revisions() -> list[str]:
    """All revisions, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][
        ::-1
    ]


def _alembic(database: Database, revision: str, step: Any) -> None:
    config = _config()
    try:
        with _one_migration, database.owner_engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
            config.attributes["connection"] = connection
            step(config, revision)
    except OperationalError as error:
        raise DatabaseUnreachable from error
    except CommandError as error:
        raise SchemaNewer from error


def _config() -> Config:
    config = Config()
    folder = Path(migrations.__file__).parent
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
