"""The job queue's tables, taken from the installed procrastinate and bound to one version of it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, cast

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection

from runtime.errors import PartMissing

REVIEWED = "3.10"


class QueueVersion(PartMissing):
    """Another procrastinate is installed than the schema was reviewed for."""

    code = "database.queue_version"


def require_queue_version() -> None:
    """Raise `QueueVersion` unless the installed release is the reviewed one."""
    found = version("procrastinate")
    if found.split(".")[:2] != REVIEWED.split("."):
        raise QueueVersion(found=found, wanted=REVIEWED)


def apply_queue(connection: Connection) -> None:
    """Create procrastinate's types, tables and functions in the connection's transaction."""
    require_queue_version()
    driver = cast(psycopg.Connection[Any], connection.connection.driver_connection)
    # Straight to the driver: the script is many statements and has % in it.
    driver.execute(SchemaManager.get_schema())
