"""Everything kept about one person, for themself (PDPA): theirs, and nothing of anybody else.

Whoever is blamed in a case gets nothing by which others of that case can be found or told apart.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import audit
from cases.people import Person
from cases.person_identity import Identity
from cases.person_rows import SQL, is_blamed
from cases.persons import Persons
from cases.rows import Row
from runtime.clock import now
from runtime.database import Database

FORM = "cmis-person-1"


class PersonExport:
    """Writes out persons of one database."""

    def __init__(self, database: Database, persons: Persons) -> None:
        self._database = database
        self._persons = persons

    def of(self, actor: Person, person_id: str) -> dict[str, Any]:
        """``{form, at, person, identity, parts, relations, facts_of_cases}``. Audited per case.

        Raises `PersonUnseen`, `PersonForeign` or `PersonErased`.
        """
        with self._database.session(actor.actor) as session:
            row = self._persons.own_person(session, actor, person_id)
            identity = self._persons.opened(row)
            parts = SQL.rows(session, "parts_of_person", person_id=person_id)
            relations: list[dict[str, Any]] = []
            for case in SQL.rows(session, "cases_of_person", person_id=person_id):
                case_id = case["case_id"]
                identity = self._shared(session, case_id, person_id, identity)
                relations += _ties(session, case_id, person_id)
                audit.record(session, case_id, actor.id, "person_exported", person_id)
        return {
            "form": FORM,
            "at": now(),
            "person": person_id,
            "identity": identity.model_dump(),
            "parts": [_part(p) for p in parts],
            "relations": relations,
        }

    def _shared(
        self, session: Session, case_id: str, person_id: str, identity: Identity
    ) -> Identity:
        everybody = SQL.rows(session, "persons_of_case", case_id=case_id)
        mine = next((r for r in everybody if r["id"] == person_id), None)
        if mine is None or not is_blamed(mine["roles"]):
            return identity
        return identity.without(self._persons.hidden_contacts(everybody, person_id))


def _ties(session: Session, case_id: str, person_id: str) -> list[dict[str, Any]]:
    """What somebody is to others, who are not named."""
    found = SQL.rows(session, "relations_of_case", case_id=case_id)
    return [
        {"case": case_id, "kinship": t["kinship"], "standing": t["standing"]}
        for t in found
        if t["person_id"] == person_id
    ]


def _part(row: Row) -> dict[str, Any]:
    return {
        "case": row["case_id"],
        "role": row["role"],
        "standing": row["standing"],
        "decided_at": row["decided_at"],
    }
