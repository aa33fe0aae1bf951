"""Services that carry out the plan: planned, offered by letter, taken on, delivered.

A letter's services stand in the plan from the moment it is sent; its answer and every report of
the agency that serves write back here, so that the case's plan is always what really happens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.casework_errors import ServiceUnseen, found
from cases.errors import ReviewConflict
from cases.people import CASE_ROLES, RECEIVING_ROLES, Person
from cases.referral_schemas import Letter
from cases.rows import Row, Rows
from runtime.database import Database
from runtime.errors import Forbidden

SQL = Rows("plan_services")


class Report(BaseModel):
    """How far a service is, on top of the revision last seen."""

    model_config = ConfigDict(frozen=True)

    status: Literal["planned", "under_way", "delivered", "not_delivered"]
    result: str | None = None
    revision: int


class PlanServices:
    """Services of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(
        self, person: Person, case_id: str, text: str, action_id: str | None, due: datetime | None
    ) -> dict[str, Any]:
        """A service the person's own agency gives. Raises `CaseUnseen` or `Forbidden`."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            service_id = _add(session, person, case_id, text, action_id, due)
            audit.record(session, case_id, person.id, "service_planned", service_id)
            return found(SQL.first(session, "get_service", id=service_id), ServiceUnseen)

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The services of a case; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def report(self, person: Person, service_id: str, report: Report) -> dict[str, Any]:
        """Write back how far a service is; raises `ServiceUnseen` or `ReviewConflict`."""
        if person.role not in RECEIVING_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            service = found(SQL.first(session, "get_service", id=service_id), ServiceUnseen)
            if not _theirs(session, person, service):
                raise ServiceUnseen
            changed = SQL.run(
                session,
                "change",
                id=service_id,
                who=person.id,
                name=person.name,
                **report.model_dump(),
            )
            if not changed:
                theirs = SQL.first(session, "get_service", id=service_id)
                raise ReviewConflict(
                    sentence_id=service_id, theirs=theirs, yours=report.model_dump()
                )
            told = {"status": report.status}
            audit.record(
                session, service["case_id"], person.id, "service_reported", service_id, told
            )
            return found(SQL.first(session, "get_service", id=service_id), ServiceUnseen)


def _theirs(session: Session, person: Person, service: Row) -> bool:
    """Whether a person reports on a service: whoever gives it, and the case's own workers."""
    case = repository.first(session, "get_case", id=service["case_id"])
    own = case is not None and case["agency_id"] == person.agency_id
    return service["agency_id"] == person.agency_id or (own and person.role in CASE_ROLES)


def offer(session: Session, person: Person, case_id: str, referral_id: str, letter: Letter) -> None:
    """The services a letter asks for, standing in the plan as offered."""
    for wanted in letter.services:
        SQL.run(
            session,
            "add_service",
            id=repository.new_id(),
            case_id=case_id,
            referral_id=referral_id,
            action_id=wanted.action_id,
            text=wanted.text,
            agency_id=letter.to_agency,
            status="offered",
            due=None,
            who=person.id,
            name=person.name,
        )


def answered(session: Session, person: Person, referral_id: str, status: str) -> None:
    """Every open service of a letter takes its answer."""
    SQL.run(
        session, "answer", referral_id=referral_id, status=status, who=person.id, name=person.name
    )


def _add(
    session: Session,
    person: Person,
    case_id: str,
    text: str,
    action_id: str | None,
    due: datetime | None,
) -> str:
    service_id = repository.new_id()
    SQL.run(
        session,
        "add_service",
        id=service_id,
        case_id=case_id,
        referral_id=None,
        action_id=action_id,
        text=text,
        agency_id=person.agency_id,
        status="planned",
        due=due,
        who=person.id,
        name=person.name,
    )
    return service_id
