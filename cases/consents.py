"""Consent for one purpose to named agencies: who gave it, until when, and its withdrawal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.casebook import casebook, listed
from cases.casework_errors import (
    ConsentTheirs,
    ConsentUnfit,
    ConsentUnseen,
    ConsentWithdrawn,
    found,
)
from cases.entries import SQL as ENTRIES
from cases.people import CASE_ROLES, RECEIVING_ROLES, Person
from cases.rows import Rows
from runtime.clock import now
from runtime.database import Database
from runtime.errors import Forbidden

SQL = Rows("consents")


class Consent(BaseModel):
    """What was agreed to. ``subject_age`` in years; ``days`` defaults to the purpose's."""

    model_config = ConfigDict(frozen=True)

    subject: str
    subject_age: int | None = None
    purpose: str
    recipients: list[str]
    given_by: Literal["self", "guardian", "representative"]
    guardian_is_alleged: bool = False
    subject_view: str = ""
    method: Literal["written", "spoken"]
    witnesses: list[str] = []
    given_at: datetime | None = None
    days: int | None = None


class Consents:
    """Consents of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, person: Person, case_id: str, consent: Consent) -> dict[str, Any]:
        """Keep a consent; raises `ConsentUnfit`, `CaseUnseen` or `Forbidden`."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            purpose = _checked(consent, _case_type(session, case_id))
            given = consent.given_at or now()
            days = min(consent.days or purpose["consent_days"], purpose["consent_days"])
            known = {row["id"] for row in repository.rows(session, "agencies")}
            if not set(consent.recipients) <= known:
                raise ConsentUnfit(what="recipients")
            consent_id = repository.new_id()
            details = consent.model_dump(
                include={"subject_age", "guardian_is_alleged", "subject_view"}
            )
            SQL.run(
                session,
                "add_consent",
                id=consent_id,
                case_id=case_id,
                details=orjson.dumps(details).decode(),
                given_at=given,
                expires_at=given + timedelta(days=days),
                who=person.id,
                **consent.model_dump(
                    include={
                        "subject",
                        "purpose",
                        "recipients",
                        "given_by",
                        "method",
                        "witnesses",
                    }
                ),
            )
            told = {"purpose": consent.purpose, "recipients": consent.recipients}
            audit.record(session, case_id, person.id, "consent_given", consent_id, told)
            return found(SQL.first(session, "get_consent", id=consent_id), ConsentUnseen)

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The consents of a case, the newest first; raises `CaseUnseen`. The reading is audited."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            audit.record_once(session, case_id, person.id, "consents_read", case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def withdraw(self, person: Person, consent_id: str, reason: str) -> dict[str, Any]:
        """End a consent at once; whoever it opened the case to sees it no longer.

        The case's own workers end any, another agency the one that names it. Raises
        `ConsentTheirs`, `ConsentUnseen` or `ConsentWithdrawn`.
        """
        if person.role not in RECEIVING_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            consent = found(SQL.first(session, "get_consent", id=consent_id), ConsentUnseen)
            if not consent["may_withdraw"]:
                raise ConsentTheirs
            audit.record(session, consent["case_id"], person.id, "consent_withdrawn", consent_id)
            try:
                with session.begin_nested():
                    SQL.run(session, "withdraw", id=consent_id, who=person.id, reason=reason)
            except IntegrityError as error:
                raise ConsentWithdrawn from error
            return consent | {"withdrawn_at": now(), "withdrawn_reason": reason}


def _case_type(session: Session, case_id: str) -> str | None:
    """What the case was registered as last."""
    kept = ENTRIES.rows(session, "of_case", case_id=case_id)
    registered = [e["content"]["case_type"] for e in kept if e["kind"] == "registration"]
    return registered[-1] if registered else None


def _checked(consent: Consent, case_type: str | None) -> dict[str, Any]:
    """The purpose; raises `ConsentUnfit` where a rule of ``data/referrals.yaml`` is not kept."""
    purpose = listed("referrals", "purposes").get(consent.purpose)
    rules = casebook("referrals")["consent"]
    minor = consent.subject_age is not None and consent.subject_age < rules["adult_from"]
    faults = {
        "purpose": purpose is None,
        "recipients": not consent.recipients,
        "witnesses": consent.method == "spoken"
        and len(consent.witnesses) < rules["spoken_witnesses"],
        "subject_age": consent.subject_age is None and case_type in rules["age_told_in"],
        "guardian": minor and consent.given_by == "self",
        "guardian_is_alleged": consent.given_by == "guardian" and consent.guardian_is_alleged,
        "subject_view": minor and not consent.subject_view.strip(),
        "given_at": consent.given_at is not None
        and (consent.given_at.tzinfo is None or consent.given_at > now()),
    }
    for what, fault in faults.items():
        if fault:
            raise ConsentUnfit(what=what)
    assert purpose is not None  # noqa: S101
    return purpose
