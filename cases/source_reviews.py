"""Added documents read and decided by people who sign in: what is in one, then yes or no and why.

A shared document is an administrator's to decide, an agency's own also its supervisors'; the
database asks the same (migration 0043).
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from cases.lately import KEEPERS
from cases.people import Person
from cases.source_warnings import Warned, warnings
from knowledge_base import source_repository as repository
from knowledge_base.repository import SQL
from knowledge_base.sources import AddedSource, SourceUnknown
from runtime.database import Database
from runtime.errors import BadInput, Conflict, Forbidden

Decision = Literal["accepted", "rejected"]
PAGE = 12
DECIDED = 20


class SourceDecided(Conflict):
    """Somebody decided it since this person looked. Nothing was changed."""

    code: ClassVar[str] = "kb.source_decided"


class ReasonMissing(BadInput):
    """A decision says why."""

    code: ClassVar[str] = "kb.reason_missing"


class SourceReviews:
    """Reads added documents and decides on them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, person: Person) -> dict[str, list[dict[str, Any]]]:
        """``{waiting, decided}``: all that wait, and the last that were decided."""
        _keeps(person)
        with self._database.session(person.actor) as session:
            found = [_told(s, person) for s in _sources(session, person.agency_id).values()]
        waiting = [s for s in found if s["review"] == "waiting"]
        decided = [s for s in found if s["reviewed_at"]]
        decided.sort(key=lambda s: s["reviewed_at"], reverse=True)
        return {"waiting": waiting, "decided": decided[:DECIDED]}

    def read(self, person: Person, source_id: str, begin: int = 0) -> dict[str, Any]:
        """The document with `PAGE` passages from ``begin`` on, its warnings, and who decided."""
        _keeps(person)
        with self._database.session(person.actor) as session:
            known = _sources(session, person.agency_id)
            if source_id not in known:
                raise SourceUnknown(source=source_id)
            source, given = known[source_id], {"source": source_id}
            shown = {"begin": begin, "limit": PAGE}
            pages = session.execute(SQL["pages_of"], given | shown).mappings()
            past = session.execute(SQL["source_reviews"], {"id": source_id}).mappings()
            return _told(source, person) | {
                "shown": [dict(row) for row in pages],
                "warnings": warnings_of(session, source_id, person.agency_id),
                "reviews": [dict(row) for row in past],
            }

    def decide(
        self, person: Person, source_id: str, was: str, decision: Decision, reason: str
    ) -> None:
        """Accept or refuse; raises `SourceUnknown`, `SourceDecided`, `ReasonMissing`."""
        _keeps(person)
        if not reason.strip():
            raise ReasonMissing
        given = {"id": source_id, "was": was, "decision": decision, "reason": reason.strip()}
        try:
            with self._database.session(person.actor) as session:
                done = session.execute(SQL["decide_source"], given).scalar_one()
        except ProgrammingError as error:  # a shared source is not this role's to decide
            raise Forbidden from error
        if done == "unseen":
            raise SourceUnknown(source=source_id)
        if done == "decided":
            raise SourceDecided


def warnings_of(session: Session, source_id: str, agency_id: str) -> list[Warned]:
    """What a reviewer in this agency should see of a source before they accept it."""
    known = _sources(session, agency_id)
    source = known[source_id]
    other = known.get(source.near_duplicate_of or "")
    near = (other.title, source.similarity or 0.0) if other else None
    replaced: list[tuple[str, str]] = []
    if source.kind == "statute" and source.agency_id is None:
        rows = session.execute(SQL["replaced_sections"], {"source": source.id})
        replaced = [(row[0], row[1]) for row in rows]
    texts = [passage.text for passage in repository.passages_of(session, source.id)]
    return warnings(texts, near, replaced)


def _keeps(person: Person) -> None:
    if person.role not in KEEPERS:
        raise Forbidden


def _sources(session: Session, agency_id: str) -> dict[str, AddedSource]:
    rows = repository.sources(session, agency_id)
    return {row["id"]: AddedSource.model_validate(row) for row in rows}


def _told(source: AddedSource, person: Person) -> dict[str, Any]:
    mine = source.agency_id is not None or person.role == "administrator"
    return source.model_dump() | {"may_decide": mine}
