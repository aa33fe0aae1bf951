"""A new office key: every person's data key is wrapped anew and found under new tokens.

Whoever seals holds a lock shared until their transaction ends; the rotation waits for all of them
and makes the rest wait. The new key is in the file before anything is wrapped with it, the old
ones go only after the transaction that wraps everything: a crash between leaves all readable. The
lock is a session's own, held until the old keys are gone: a second rotation that came in before
would have its key destroyed by the first.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from cases.erasure_rows import SQL as OWNER
from cases.person_rows import SQL, sealed_of, sealed_values
from cases.persons import Persons
from runtime.database import Database


def rotate(database: Database, persons: Persons) -> tuple[int, int]:
    """``(persons wrapped anew, the new key's number)``; raises `PersonKeysBroken`."""
    with Session(database.owner_engine) as holding:
        SQL.rows(holding, "turn_keys")
        number = persons.keys.add()
        count = _wrapped_anew(database, persons)
        persons.keys.keep_only(number)
    return count, number


def _wrapped_anew(database: Database, persons: Persons) -> int:
    with Session(database.owner_engine) as session, session.begin():
        OWNER.rows(session, "within", user_id="", agency_id="", role="")
        found = SQL.rows(session, "all_wrapped")
        for row in found:
            wrapped = sealed_values(persons.keys.rewrap(row["id"], sealed_of(row)))
            kept = {k: wrapped[k] for k in ("wrapped_key", "key_number")}
            SQL.run(session, "rewrap", id=row["id"], **kept)
            persons.index(session, row["id"], row["agency_id"], persons.opened(row | wrapped))
        return len(found)
