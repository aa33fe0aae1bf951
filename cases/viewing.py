"""Who looks at a case: by which relation, and with which eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cases.casebook import casebook
from cases.entries import SQL
from cases.people import Person
from runtime.database import Database


@dataclass(frozen=True)
class Viewer:
    """A person's relation to a case, and the kind of agency or the profession that decides."""

    relation: str
    eyes: str

    def reads(self, kind: str) -> bool:
        """Whether this viewer reads a class of fields (``data/views.yaml``)."""
        if self.relation not in casebook("views")["viewers"]:
            return False
        by_eyes: dict[str, Any] = casebook("views")["viewers"][self.relation]
        classes = by_eyes.get(self.eyes, by_eyes["default"])
        return classes == "all" or kind in classes


class Viewing:
    """Finds the viewer of a case."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: Person, case_id: str) -> Viewer:
        """The viewer; a relation that is not there reads nothing."""
        with self._database.session(person.actor) as session:
            return viewer_of(session, person, case_id)


def viewer_of(session: Session, person: Person, case_id: str) -> Viewer:
    """The viewer, asked in a transaction of the person's."""
    found = SQL.first(session, "viewer", case_id=case_id) or {}
    relation = found.get("relation") or "none"
    eyes = found.get("kind") if relation == "referred" else found.get("profession")
    return Viewer(relation, eyes or person.role)
