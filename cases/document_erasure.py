"""Erasing a document by law: its bytes, its key and its rows go, and a tombstone says so.

One transaction of the tables' owner. The key is destroyed in it, so bytes that a killed process
left on the disk open no more; the sweep removes them. A legal hold on the case wins.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository, seals
from cases.document_files import ROWS, DocumentFiles
from cases.errors import DocumentHeld, DocumentUnseen, ReasonNeeded
from cases.people import Person
from cases.person_rows import SQL as PEOPLE
from cases.rows import Row
from runtime.database import Database
from runtime.errors import Forbidden

LEAST = 10  # letters of a reason


class DocumentErasure:
    """Erases documents of one database and data folder."""

    def __init__(self, database: Database, files: DocumentFiles) -> None:
        self._database = database
        self._files = files

    def erase(self, person: Person, document_id: str, reason: str) -> dict[str, Any]:
        """``{document_id, versions, tombstones}``, on a supervisor's word for their own case.

        Raises `Forbidden`, `DocumentUnseen`, `ReasonNeeded` or `DocumentHeld`; then nothing was
        changed.
        """
        if person.role != "supervisor":
            raise Forbidden
        with self._database.session(person.actor) as session:
            document = _seen(session, document_id)
            case = repository.seen_case(session, document["case_id"])
            if case["agency_id"] != person.agency_id:
                raise Forbidden
        if len(reason.strip()) < LEAST:
            raise ReasonNeeded
        with Session(self._database.owner_engine) as owner, owner.begin():
            actor = person.actor
            who = {"user_id": actor.user_id, "agency_id": actor.agency_id, "role": actor.role}
            ROWS.rows(owner, "erasing", **who)
            report = self._erased(owner, person, document, reason.strip())
        self._files.sweep()
        return report

    def _erased(self, owner: Session, person: Person, document: Row, reason: str) -> dict[str, Any]:
        document_id, case_id = document["id"], document["case_id"]
        ROWS.run(owner, "lock_document", id=document_id)
        _seen(owner, document_id)
        if PEOPLE.rows(owner, "standing_holds", case_id=case_id):
            raise DocumentHeld
        versions = ROWS.rows(owner, "versions_of_document", document_id=document_id)
        custody = ROWS.rows(owner, "custody_of_document", document_id=document_id)
        buried = [("documents", document_id)]
        buried += [("document_versions", v["id"]) for v in versions]
        buried += [("document_custody", c["id"]) for c in custody]
        for relation, key in buried:
            seals.bury(owner, case_id, relation, key, person.id, reason)
        for version in versions:
            self._files.drop(owner, version["id"])
        ROWS.run(owner, "erase_document", id=document_id)
        detail = {"type_id": document["type_id"], "versions": len(versions), "reason": reason}
        audit.record(owner, case_id, person.id, "document_erased", document_id, detail)
        return {
            "document_id": document_id,
            "versions": len(versions),
            "tombstones": len(buried),
        }


def _seen(session: Session, document_id: str) -> Row:
    found = ROWS.first(session, "get_document", id=document_id)
    if found is None:
        raise DocumentUnseen
    return found
