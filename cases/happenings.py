"""The line of a case: everything that has a date, from what was told to what is still due."""

from __future__ import annotations

from typing import Any

from cases import audit, repository
from cases.people import Person
from cases.rows import Rows
from runtime.database import Database

SQL = Rows("happenings")


class Happenings:
    """Reads the lines of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The newest first, as far as the person sees its rows; raises `CaseUnseen`. Audited."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            audit.record_once(session, case_id, person.id, "timeline_read", case_id)
            return SQL.rows(session, "of_case", case_id=case_id)
