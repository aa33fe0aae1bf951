"""Documents as they are kept: what may be seen and reached, and the lines of their custody.

A rule of the database that refuses a row becomes the sentence it stands for.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.casework_errors import rule_of
from cases.checklist import state_of
from cases.document_files import ROWS
from cases.errors import (
    DocumentSigned,
    DocumentSuperseded,
    DocumentTheirs,
    DocumentUnapproved,
    DocumentUnseen,
    DocumentWithdrawn,
    PaperOfOther,
)
from cases.people import Person
from cases.rows import Row

RULES = {
    "document_signed": DocumentSigned,
    "document_withdrawn": DocumentWithdrawn,
    "document_unapproved": DocumentUnapproved,
}


def note(
    session: Session,
    person: Person,
    version: Row,
    act: str,
    version_id: str,
    *,
    party: str | None = None,
    words: str | None = None,
) -> None:
    """One line of a version's custody, and the same in the trail of its case."""
    ruled(
        session,
        "add_custody",
        id=repository.new_id(),
        case_id=version["case_id"],
        document_id=version["document_id"],
        version_id=version_id,
        act=act,
        party=party,
        note=words,
        done_by=person.id,
    )
    detail = {"type_id": version["type_id"], "sha256": version["sha256"]}
    detail |= {"party": party} if party else {}
    audit.record(session, version["case_id"], person.id, f"document_{act}", version_id, detail)


def ruled(session: Session, name: str, /, **values: Any) -> None:
    """Run a statement; a rule of the database that refuses it becomes its sentence."""
    try:
        with session.begin_nested():
            ROWS.run(session, name, **values)
    except IntegrityError as error:
        raise RULES.get(rule_of(error), DocumentUnseen)() from error


def reached(session: Session, case_id: str) -> None:
    """Raises `CaseUnseen`, or `Forbidden` for who may not add to the documents."""
    repository.seen_case(session, case_id)
    repository.writable(session, case_id, "documents")


def of_kind(session: Session, case_id: str, document_id: str | None, type_id: str) -> Row:
    """The document a version is added to, which is of the kind that was named; none if new."""
    if document_id is None:
        return {}
    found = seen(session, "get_document", document_id)
    if found["case_id"] != case_id:
        raise DocumentUnseen
    if found["type_id"] != type_id:
        raise PaperOfOther(title=found["title"])
    return changeable(found)


def changeable(document: Row) -> Row:
    """The document, which is of this person's case or agency; raises `DocumentTheirs`."""
    if not document["may_change"]:
        raise DocumentTheirs
    return document


def seen(session: Session, name: str, row_id: str) -> Row:
    """What a statement finds under an id; raises `DocumentUnseen`."""
    found = ROWS.first(session, name, id=row_id)
    if found is None:
        raise DocumentUnseen
    return found


def newest(session: Session, version: Row) -> None:
    """Raises `DocumentSuperseded` where the document has a newer version."""
    numbers = ROWS.rows(session, "versions_of_document", document_id=version["document_id"])
    if numbers[-1]["id"] != version["id"]:
        raise DocumentSuperseded


def shown(session: Session, document: Row) -> dict[str, Any]:
    """A document with its versions, its custody and what they make of it."""
    given = {"document_id": document["id"]}
    versions = ROWS.rows(session, "versions_of_document", **given)
    return told(document, versions, ROWS.rows(session, "custody_of_document", **given))


def told(document: Row, versions: list[Row], custody: list[Row]) -> dict[str, Any]:
    """The same, from rows that were read before."""
    state = state_of({c["act"] for c in custody})
    return document | {"versions": versions, "custody": custody, "state": state}


def by_document(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows by the document they are of."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["document_id"], []).append(row)
    return found
