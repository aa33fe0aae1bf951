"""Red flags that rest on words nobody has confirmed: a person listens and says what was said.

A flag is never taken away. What a person says stands beside it, and in the trail.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository
from cases.errors import FlagSettled
from cases.people import Person
from cases.rows import Row, Rows
from runtime.database import Database

ROWS = Rows("flags")


class Flags:
    """The red flags of one database's cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, person: Person, case_id: str, flag: str, decision: str) -> None:
        """Say that a flag's words were said so (``confirmed``) or not (``misheard``).

        Raises `CaseUnseen`, or `FlagSettled` for a flag that does not wait for this.
        """
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            if flag not in _waiting(session, case_id):
                raise FlagSettled
            said = {"flag": flag, "decision": decision, "decided_by": person.id}
            ROWS.run(session, "add_flag_decision", case_id=case_id, **said)
            audit.record(session, case_id, person.id, f"flag_{decision}", flag)


def decisions(session: Session, case_id: str) -> list[Row]:
    """The newest decision on each flag of a case."""
    return ROWS.rows(session, "flag_decisions", case_id=case_id)


def _waiting(session: Session, case_id: str) -> set[str]:
    content: dict[str, Any] = repository.seen(session, "newest_coding", case_id=case_id)["content"]
    return {f["id"] for f in content["red_flags"] if f.get("to_confirm")}
