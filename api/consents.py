"""Consents: record, list, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from api.views import CaseRoute
from cases.consents import Consent

router = APIRouter(tags=["consents"], responses=RESPONSES, route_class=CaseRoute)
Name = Field(min_length=1, max_length=200)


class NewConsent(Consent):
    """A consent to record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Words = Name
    subject_age: int | None = Field(default=None, ge=0, le=130)
    purpose: Words = Name
    recipients: list[Words] = Field(max_length=50)
    subject_view: Words = Field(default="", max_length=2000)
    witnesses: list[Words] = Field(default=[], max_length=10)
    days: int | None = Field(default=None, ge=1, le=3650)


class Withdrawal(Body):
    """Why a consent ends."""

    reason: Words = Field(min_length=1, max_length=2000)


class ConsentOut(BaseModel):
    """A consent; ``holds`` while it is neither withdrawn nor expired.

    ``may_withdraw``: it is this person's to end.
    """

    id: str
    case_id: str
    subject: str | None
    purpose: str
    recipients: list[str]
    given_by: str
    method: str
    witnesses: list[str] | None
    details: dict[str, Any] | None
    given_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    holds: bool
    may_withdraw: bool


@router.post("/cases/{case_id}/consents", status_code=201)
def record_consent(case_id: str, body: NewConsent, person: Signed, services: Given) -> ConsentOut:
    """Keep a consent for one purpose to named agencies."""
    return ConsentOut.model_validate(services.casework.consents.record(person, case_id, body))


@router.get("/cases/{case_id}/consents")
def list_consents(case_id: str, person: Signed, services: Given) -> list[ConsentOut]:
    """The consents of a case, the newest first."""
    found = services.casework.consents.of_case(person, case_id)
    return [ConsentOut.model_validate(row) for row in found]


@router.post("/consents/{consent_id}/withdraw")
def withdraw_consent(
    consent_id: str, body: Withdrawal, person: Signed, services: Given
) -> ConsentOut:
    """End a consent at once."""
    done = services.casework.consents.withdraw(person, consent_id, body.reason)
    return ConsentOut.model_validate(done | {"holds": False})
