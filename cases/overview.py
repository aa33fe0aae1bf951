"""A person's cases in numbers: caseload, days that will be full, codes, and how far drafts held."""

from __future__ import annotations

from typing import Any

from cases.people import Person
from cases.rows import Rows
from cases.step_counts import by_step
from runtime.database import Database

ROWS = Rows("overview")
BEHIND_DAYS, AHEAD_DAYS, MONTHS, PLANS = 14, 42, 12, 24


class Overview:
    """Counts over the cases a person may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: Person) -> dict[str, Any]:
        """``{steps, caseload, due, codes, agreement, edits}``, each a list of rows."""
        with self._database.session(person.actor) as session:
            return {
                "steps": by_step(session),
                "caseload": ROWS.rows(session, "caseload"),
                "due": ROWS.rows(session, "due", behind=BEHIND_DAYS, ahead=AHEAD_DAYS),
                "codes": ROWS.rows(session, "codes", months=MONTHS),
                "agreement": ROWS.rows(session, "agreement"),
                "edits": ROWS.rows(session, "edits", most=PLANS),
            }
