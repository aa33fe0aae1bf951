"""How long what is kept: years per kind of record as data, a legal hold before everything else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.casebook import casebook
from cases.people import Person
from cases.person_rows import SQL as PEOPLE
from cases.rows import Rows
from runtime.clock import now
from runtime.database import Database

SQL = Rows("retention")
YEAR_DAYS = 365.25


class Kind(BaseModel):
    """One kind of record. ``years`` None: for good."""

    model_config = ConfigDict(frozen=True)

    th: str
    en: str
    years: float | None
    since: str = Field(alias="from")
    basis: str
    confidence: str


@cache
def load_retention() -> Mapping[str, Kind]:
    """The kinds of ``retention.yaml``."""
    return {name: Kind.model_validate(row) for name, row in casebook("retention")["kinds"].items()}


class Retention:
    """What is due to go, and what a hold keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, person: Person, at: datetime | None = None) -> list[dict[str, Any]]:
        """``{case_id, number, closed_at, kinds, held}`` of closed cases kept long enough."""
        at = at or now()
        years = {n: k.years for n, k in load_retention().items() if k.years is not None}
        first = at - timedelta(days=min(y for y in years.values()) * YEAR_DAYS)
        with self._database.session(person.actor) as session:
            found = SQL.rows(session, "closed_since", before=first)
        return [
            row | {"kinds": [n for n, y in years.items() if _over(row["closed_at"], y, at)]}
            for row in found
        ]

    def hold(self, person: Person, case_id: str, reason: str) -> None:
        """Keep everything of a case until the hold is lifted; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            named = {"id": repository.new_id(), "case_id": case_id, "who": person.id}
            PEOPLE.run(session, "add_hold", reason=reason, **named)
            audit.record(session, case_id, person.id, "hold_set", case_id)

    def lift(self, person: Person, case_id: str) -> None:
        """Lift every hold of a case; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            PEOPLE.run(session, "lift_holds", case_id=case_id, who=person.id)
            audit.record(session, case_id, person.id, "hold_lifted", case_id)

    def holds(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The holds of a case, lifted ones too; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return self._listed(session, case_id)

    def _listed(self, session: Session, case_id: str) -> list[dict[str, Any]]:
        return PEOPLE.rows(session, "holds", case_id=case_id)


def _over(closed_at: datetime, years: float, at: datetime) -> bool:
    return closed_at + timedelta(days=years * YEAR_DAYS) <= at
