"""Whose a limit is to end, and the taking back of an ending: both acts, both reasons are kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cases import audit, repository
from cases.casework_errors import (
    DeadlineBuiltOn,
    DeadlineEarlier,
    DeadlineTheirs,
    DeadlineUnseen,
    TakingBackReason,
)
from cases.people import RECEIVING_ROLES, Person
from cases.rows import Row, Rows
from runtime.errors import Forbidden

SQL = Rows("deadlines")


def own(session: Session, person: Person, deadline_id: str, how: str = "one_open") -> Row:
    """An open deadline that is this person's to end, or an ended one (``one_ended``).

    Raises `DeadlineTheirs`, `DeadlineUnseen`.
    """
    if person.role not in RECEIVING_ROLES:
        raise Forbidden
    found = SQL.first(session, how, id=deadline_id)
    if found is None:
        raise DeadlineUnseen
    if not found["may_end"]:
        raise DeadlineTheirs
    return found


def take_back(session: Session, person: Person, deadline_id: str, reason: str) -> None:
    """Open again what was ended by mistake today.

    Raises `TakingBackReason`, `DeadlineTheirs`, `DeadlineUnseen`, `DeadlineEarlier` after the day
    of the ending, `DeadlineBuiltOn` when an entry, a plan or a closure ended it or went by it.
    """
    why = reason.strip()
    if not why:
        raise TakingBackReason
    found = own(session, person, deadline_id, "one_ended")
    if not found["of_today"]:
        raise DeadlineEarlier
    if found["built_on"]:
        raise DeadlineBuiltOn
    by = {"id": deadline_id, "who": person.id, "name": person.name}
    new = {"new_id": repository.new_id(), "agency": person.agency_id, "reason": why}
    if not SQL.run(session, "write_back", **by, **new):
        raise DeadlineUnseen
    SQL.run(session, "take_back", **by)
    told = {"kind": found["kind"], "was": found["status"]}
    audit.record(session, found["case_id"], person.id, "deadline_taken_back", deadline_id, told)
