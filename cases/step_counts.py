"""How many open cases stand at each of the nine steps, by urgency.

The steps follow from the record alone (`cases.steps`). For a whole office the database keeps which
conditions each case meets, and each of those few sets of conditions has its step here, from the
same file as the steps of one case.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from cases.casebook import casebook
from cases.people import Person
from cases.rows import Rows
from cases.steps import current_id
from runtime.database import Database

ROWS = Rows("step_counts")


class StepCounts:
    """The open cases of an agency or of one person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: Person, *, mine: bool) -> list[dict[str, Any]]:
        """`by_step` in a transaction of its own."""
        with self._database.session(person.actor) as session:
            return by_step(session, mine=mine)


def by_step(session: Session, *, mine: bool = False) -> list[dict[str, Any]]:
    """``{step, number, name_th, name_en, urgencies}`` for each of the nine steps in order.

    ``urgencies`` counts the cases of the person's home agency, with ``mine`` those they are in
    charge of. No open case gives no rows.
    """
    counted = _counted(session, mine)
    steps = casebook("steps")["steps"] if counted else ()
    return [
        {
            "step": step["id"],
            "number": step["number"],
            "name_th": step["th"],
            "name_en": step["en"],
            "urgencies": {u: n for (found, u), n in counted.items() if found == step["id"]},
        }
        for step in steps
    ]


def _counted(session: Session, mine: bool) -> Counter[tuple[str, str]]:
    """Open cases by step and urgency."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in ROWS.rows(session, "conditions_met", mine=mine):
        met = {name: name in row["met"] for name in needed()}
        counted[current_id(met), row["urgency"]] += row["cases"]
    return counted


def needed() -> set[str]:
    """The conditions that steps are entered or left by."""
    return {c for step in casebook("steps")["steps"] for c in (*step["enter"], *step["exit"])}
