"""Breaking the glass: in an emergency a case worker opens a case nobody opened to them.

It needs a reason, ends by itself after some hours, stands in the case's trail, and a supervisor
of the agency that holds the case says afterwards whether it was right.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.exc import IntegrityError, ProgrammingError

from cases import audit, repository
from cases.casework_errors import (
    GlassMany,
    GlassNeedless,
    GlassOwn,
    GlassReason,
    GlassUnseen,
    found,
)
from cases.people import CASE_ROLES, Person
from cases.rows import Rows
from runtime.database import Database
from runtime.errors import Forbidden

SQL = Rows("glass")
LEAST = 20  # letters of a reason, as the table wants them
LONGEST_H = 24


class Glass:
    """Emergency openings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, person: Person, number: str, reason: str, hours: int) -> dict[str, Any]:
        """Open the case of this number.

        Raises `GlassReason`, `GlassUnseen`, `GlassNeedless`, `GlassMany` or `Forbidden`.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        if len(reason.strip()) < LEAST:
            raise GlassReason(least=LEAST)
        opening = repository.new_id()
        number = number.strip()
        with self._database.session(person.actor) as session:
            if SQL.first(session, "own_case", number=number, agency=person.agency_id):
                raise GlassNeedless
            try:
                case_id = SQL.scalar(
                    session,
                    "break_glass",
                    id=opening,
                    number=number,
                    reason=reason.strip(),
                    hours=min(max(hours, 1), LONGEST_H),
                )
            except IntegrityError as error:
                raise GlassMany from error
            except ProgrammingError as error:
                raise Forbidden from error
            if case_id is None:
                raise GlassUnseen
            audit.record(session, case_id, person.id, "glass_broken", opening, {"hours": hours})
            return found(SQL.first(session, "get", id=opening), GlassUnseen)

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """Emergency openings of a case; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def review(
        self,
        person: Person,
        opening: str,
        outcome: Literal["justified", "not_justified"],
        note: str,
    ) -> dict[str, Any]:
        """Say whether it was right; raises `GlassUnseen`, `GlassOwn` or `Forbidden`."""
        if person.role != "supervisor":
            raise Forbidden
        with self._database.session(person.actor) as session:
            broken = found(SQL.first(session, "get", id=opening), GlassUnseen)
            if broken["user_id"] == person.id:
                raise GlassOwn
            done = SQL.run(session, "review", id=opening, outcome=outcome, note=note, who=person.id)
            if not done:
                raise Forbidden
            told = {"outcome": outcome}
            audit.record(session, broken["case_id"], person.id, "glass_reviewed", opening, told)
            return found(SQL.first(session, "get", id=opening), GlassUnseen)
