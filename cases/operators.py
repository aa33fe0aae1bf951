"""Who stands behind a command line: an account named by its login, on a machine that is trusted."""

from __future__ import annotations

from cases import repository
from cases.accounts import actor_of
from cases.people import Person
from cases.rows import Rows
from runtime.database import Database
from runtime.errors import Unauthenticated

ROWS = Rows("operators")


def operator(database: Database, login: str) -> Person:
    """The person of a login, with their role; raises `Unauthenticated` for nobody's."""
    login = login.strip().lower()
    with database.session() as session:
        found = repository.first(session, "login_lookup", login=login)
    if found is None or not found["active"]:
        raise Unauthenticated
    actor = actor_of(database, found["id"])
    with database.session(actor) as session:
        known = ROWS.first(session, "operator", user_id=actor.user_id) or {}
    return Person(
        id=actor.user_id,
        login=login,
        role=actor.role,
        agency_id=actor.agency_id,
        language="th",
        **{"name": login, "agency_th": "", "agency_en": ""} | known,
    )
