"""Approvals beside the plan's, each bound to a hash: document, disclosure, transfer, closure.

Plans, the fifth kind, are approved on their own page (`cases.approval`). An approval opens what
waits for it: a version of a document is sent or signed, a letter is accepted, a case closes. What
was refused goes no further, and a letter that was refused is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, deadlines, plan_services, repository
from cases.canonical import content_hash
from cases.casework_errors import SignOffSelf, SignOffUnfit, SignOffUnseen, found, rule_of
from cases.document_files import ROWS as DOCUMENTS
from cases.entries import SQL as ENTRIES
from cases.entries import require
from cases.errors import DocumentUnseen
from cases.letters import SQL as LETTERS
from cases.letters import letter_hash
from cases.people import CASE_ROLES, Person
from cases.rows import Row, Rows
from runtime.database import Database
from runtime.errors import Forbidden

SQL = Rows("sign_offs")
Verdict = Literal["approved", "refused"]
LETTERS_OWN = frozenset({"disclosure", "transfer"})


@dataclass(frozen=True)
class Reading:
    """The statement that reads what an approval is about."""

    rows: Rows
    name: str


LETTER: tuple[Reading, Callable[[Row], str]] = (Reading(LETTERS, "get_referral"), letter_hash)
SUBJECTS: dict[str, tuple[Reading, Callable[[Row], str]]] = {
    "closure": (Reading(ENTRIES, "get_entry"), lambda entry: content_hash(entry["content"])),
    "document": (Reading(DOCUMENTS, "get_document_version"), lambda version: version["sha256"]),
    "disclosure": LETTER,
    "transfer": LETTER,
}
SIGNING_ROLES = frozenset({"supervisor", "prosecutor_youth_family"})


class SignOffs:
    """Requests for approval and what was said to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask_closure(self, person: Person, case_id: str, entry_id: str) -> list[dict[str, Any]]:
        """Ask to close a case by a closure request; raises `SignOffUnfit` or `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            entry = ENTRIES.first(session, "get_entry", id=entry_id)
            if not entry or entry["case_id"] != case_id or entry["kind"] != "closure_request":
                raise SignOffUnfit(what="closure_request")
            ask(session, person, case_id, "closure", entry_id, entry["content_hash"])
            return requests(session, person, case_id)

    def ask_document(self, person: Person, version_id: str) -> list[dict[str, Any]]:
        """Ask to approve a version of a document; raises `DocumentUnseen` or `Forbidden`."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            version = DOCUMENTS.first(session, "get_document_version", id=version_id)
            if version is None:
                raise DocumentUnseen
            case = repository.seen_case(session, version["case_id"], lock=True)
            if case["agency_id"] != person.agency_id:
                raise Forbidden
            ask(session, person, case["id"], "document", version_id, version["sha256"])
            return requests(session, person, case["id"])

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """Requests of a case, the oldest first; raises `CaseUnseen`.

        ``may_decide`` says of each whether this person may decide it: they wrote none of it.
        """
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return requests(session, person, case_id)

    def decide(
        self,
        person: Person,
        sign_off_id: str,
        verdict: Verdict,
        seen_hash: str,
        comment: str | None,
    ) -> dict[str, Any]:
        """Approve or refuse exactly what was seen.

        Raises `SignOffUnfit`, `SignOffSelf`, or `StepClosed` where a case may not close any more.
        """
        if person.role not in SIGNING_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            asked = found(SQL.first(session, "get", id=sign_off_id), SignOffUnseen)
            repository.seen_case(session, asked["case_id"], lock=True)
            if seen_hash != asked["content_hash"] or not _unchanged(session, asked):
                raise SignOffUnfit(what="content_hash")
            _sign(session, person, asked, verdict, comment)
            if asked["kind"] == "closure" and verdict == "approved":
                _close(session, person, asked)
            if asked["kind"] in LETTERS_OWN and verdict == "refused":
                _take_back(session, person, asked, comment)
            told = {"kind": asked["kind"], "verdict": verdict}
            audit.record(
                session, asked["case_id"], person.id, "sign_off_decided", sign_off_id, told
            )
            return found(SQL.first(session, "get", id=sign_off_id), SignOffUnseen)


def ask(
    session: Session, person: Person, case_id: str, kind: str, subject_id: str, digest: str
) -> None:
    """Ask for an approval of this very content; asking twice changes nothing."""
    sign_off_id = repository.new_id()
    asked = SQL.run(
        session,
        "ask",
        id=sign_off_id,
        case_id=case_id,
        kind=kind,
        subject_id=subject_id,
        content_hash=digest,
        who=person.id,
        name=person.name,
    )
    if asked:
        told = {"kind": kind, "subject": subject_id}
        audit.record(session, case_id, person.id, "sign_off_asked", sign_off_id, told)


def requests(
    session: Session, person: Person, case_id: str | None, limit: int | None = None
) -> list[dict[str, Any]]:
    """The requests of a case, or those of all cases that this person may decide, oldest first.

    ``may_decide`` says of each whether they may: it is open and they wrote none of it.
    """
    return SQL.rows(
        session,
        "requests",
        case_id=case_id,
        who=person.id,
        agency=person.agency_id,
        signs=person.role in SIGNING_ROLES,
        limit=limit,
    )


def _unchanged(session: Session, asked: Row) -> bool:
    """Whether what is to be approved still has the hash it was asked under."""
    read, digest = SUBJECTS[asked["kind"]]
    found_now = read.rows.first(session, read.name, id=asked["subject_id"])
    return found_now is not None and digest(found_now) == asked["content_hash"]


def _sign(
    session: Session, person: Person, asked: Row, verdict: Verdict, comment: str | None
) -> None:
    try:
        with session.begin_nested():
            SQL.run(
                session,
                "decide",
                id=asked["id"],
                verdict=verdict,
                comment=comment,
                who=person.id,
                name=person.name,
            )
    except IntegrityError as error:
        if rule_of(error) == "sign_off_by_another":
            raise SignOffSelf from error
        raise SignOffUnfit(what=rule_of(error)) from error


def _take_back(session: Session, person: Person, asked: Row, comment: str | None) -> None:
    """A letter that was refused its approval goes no further; the case closes to its receiver."""
    letter = LETTERS.first(session, "get_referral", id=asked["subject_id"])
    if letter is None or letter["from_agency"] != person.agency_id:
        return  # the case has moved since, and the letter is another agency's
    if letter["status"] not in ("pending", "accepted"):
        return
    why = {"reason_code": "not_approved", "comment": comment}
    LETTERS.run(session, "set_status", id=letter["id"], status="revoked", who=person.id, **why)
    plan_services.answered(session, person, letter["id"], "withdrawn")
    told = {"status": "revoked", "reason_code": "not_approved"}
    audit.record(session, asked["case_id"], person.id, "referral_revoked", letter["id"], told)


def _close(session: Session, person: Person, asked: Row) -> None:
    """Close the case, whose conditions must hold at this moment and not only when it was asked."""
    case_id = asked["case_id"]
    kept = ENTRIES.rows(session, "of_case", case_id=case_id)
    newest = [e for e in kept if e["kind"] in ("closure_request", "reopening")][-1]
    closed = repository.seen_case(session, case_id)["status"] == "closed"
    if closed or newest["id"] != asked["subject_id"]:
        raise SignOffUnfit(what="closure_request")
    require(session, case_id, "closure_request", newest["content"])
    registered = [e for e in kept if e["kind"] == "registration"]
    case_type = registered[-1]["content"]["case_type"] if registered else None
    reason = newest["content"].get("reason")
    deadlines.watch(session, person, case_id, asked["subject_id"], case_type, reason)
    repository.run(session, "set_status", id=case_id, status="closed")
    audit.record(session, case_id, person.id, "case_closed", asked["subject_id"])
