"""What a database server must be, and what the application's role must not be."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from runtime.errors import PartMissing

MINIMUM = 16

_POWERS = text(
    """
    SELECT current_user AS role,
        EXISTS (SELECT FROM pg_roles r
                WHERE r.rolsuper AND pg_has_role(current_user, r.oid, 'MEMBER')) AS "superuser",
        EXISTS (SELECT FROM pg_roles r
                WHERE r.rolbypassrls AND pg_has_role(current_user, r.oid, 'MEMBER')) AS "BYPASSRLS",
        EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_|^information_schema$'
                  AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS "table owner"
    """
)
_ROLE = text(
    """
    SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cmis_app') AS there,
        (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS may_make
    """
)

# Functions of the owner read past the rows' rules by these settings of their own.
_SETTINGS = text(
    """
    SELECT has_parameter_privilege('cmis.within', 'SET')
        AND has_parameter_privilege('cmis.research', 'SET')
    """
)


class ServerTooOld(PartMissing):
    """PostgreSQL before 16. Details: ``found``."""

    code = "database.too_old"


class VectorMissing(PartMissing):
    """The server has no pgvector, or the owner may not switch it on."""

    code = "database.no_vector"


class AppRoleMissing(PartMissing):
    """No role ``cmis_app``, and the owner may not make it."""

    code = "database.role_missing"


class SettingsClosed(PartMissing):
    """The owner may not give functions the settings ``cmis.within`` and ``cmis.research``."""

    code = "database.settings_closed"


class RoleTooPowerful(PartMissing):
    """The application's role could read past row-level security. Details: ``role reason``."""

    code = "database.role_too_powerful"


def require_server(connection: Connection) -> None:
    """Check version, pgvector, settings and the way to a role; called as the owner."""
    found = connection.scalar(text("SHOW server_version_num"))
    if int(found or 0) // 10000 < MINIMUM:
        raise ServerTooOld(found=int(found or 0) // 10000)
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError:
        raise VectorMissing from None
    if not connection.scalar(_SETTINGS):
        raise SettingsClosed
    role = connection.execute(_ROLE).one()
    if not role.there and not role.may_make:
        raise AppRoleMissing


def require_weak_role(connection: Connection) -> None:
    """Raise `RoleTooPowerful` if this connection's role, or one it may become, has power."""
    row = connection.execute(_POWERS).one()._mapping
    reasons = [str(power) for power, held in row.items() if held is True]
    if reasons:
        raise RoleTooPowerful(role=row["role"], reason=", ".join(reasons))
