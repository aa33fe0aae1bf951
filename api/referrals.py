"""Referrals and transfers: send, receive, answer, end, take back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from api.views import CaseRoute
from cases.casebook import casebook
from cases.referral_schemas import Letter, Wanted

router = APIRouter(tags=["referrals"], responses=RESPONSES, route_class=CaseRoute)
State = Literal["pending", "accepted", "rejected", "done", "revoked"]


class WantedService(Wanted):
    """A service asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words = Field(min_length=1, max_length=1000)
    action_id: Words | None = Field(default=None, max_length=100)


class NewReferral(Letter):
    """A letter to another agency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to_agency: Words = Field(max_length=100)
    purpose: Words = Field(max_length=100)
    basis: Words = Field(max_length=100)
    basis_reason: Words | None = Field(default=None, max_length=2000)
    consent_id: Words | None = Field(default=None, max_length=64)
    requested: Words = Field(min_length=1, max_length=5000)
    services: list[WantedService] = Field(default=[], max_length=50)  # type: ignore[assignment]
    parts: list[Words] | None = Field(default=None, max_length=20)
    replaces: Words | None = Field(default=None, max_length=64)


class Comment(Body):
    """Words to the other side."""

    comment: Words | None = Field(default=None, max_length=2000)


class Reason(Comment):
    """Why a letter is declined or taken back (``GET /referral-forms``)."""

    reason_code: Words = Field(max_length=100)


class ReferralOut(BaseModel):
    """A letter and how it stands; ``shared`` is what it tells of the case."""

    id: str
    case_id: str
    kind: Literal["referral", "transfer"]
    from_agency: str
    to_agency: str
    purpose: str
    basis: str
    basis_reason: str | None
    consent_id: str | None
    requested: str
    services: list[dict[str, Any]]
    parts: list[str]
    shared: dict[str, Any]
    answer_by: datetime
    replaces: str | None
    status: State
    reason_code: str | None
    comment: str | None
    sent_at: datetime
    received_at: datetime | None
    changed_at: datetime | None
    overdue: bool


class AgencyOut(BaseModel):
    """An agency letters can be sent to, and how it is reached."""

    id: str
    kind: str
    name_th: str
    name_en: str
    contact: str


@router.get("/agencies")
def list_agencies(person: Signed, services: Given) -> list[AgencyOut]:
    """Agencies letters can be sent to."""
    return [AgencyOut.model_validate(row) for row in services.casework.referrals.agencies(person)]


@router.get("/referral-forms")
def referral_forms(_: Signed) -> dict[str, Any]:
    """Purposes, bases, reasons and rules of consent, in both languages."""
    return casebook("referrals")


@router.post("/cases/{case_id}/referrals", status_code=201)
def send_referral(case_id: str, body: NewReferral, person: Signed, services: Given) -> ReferralOut:
    """Send a letter; the sender stays responsible until it is accepted."""
    return ReferralOut.model_validate(services.casework.referrals.send(person, case_id, body))


@router.get("/cases/{case_id}/referrals")
def list_referrals(case_id: str, person: Signed, services: Given) -> list[ReferralOut]:
    """The letters of a case that this agency wrote or got."""
    found = services.casework.referrals.of_case(person, case_id)
    return [ReferralOut.model_validate(row) for row in found]


@router.get("/referrals")
def list_letters(
    person: Signed,
    services: Given,
    box: Literal["in", "out"] = "in",
    status: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> list[ReferralOut]:
    """Letters to or from the person's agency, those to answer first."""
    found = services.casework.referrals.box(person, box, status, limit, offset)
    return [ReferralOut.model_validate(row) for row in found]


@router.get("/referrals/{referral_id}")
def read_referral(referral_id: str, person: Signed, services: Given) -> ReferralOut:
    """One letter."""
    return ReferralOut.model_validate(services.casework.referrals.read(person, referral_id))


@router.post("/referrals/{referral_id}/acknowledge")
def acknowledge_referral(referral_id: str, person: Signed, services: Given) -> ReferralOut:
    """Say that the letter has arrived."""
    done = services.casework.referrals.acknowledge(person, referral_id)
    return ReferralOut.model_validate(done)


@router.post("/referrals/{referral_id}/accept")
def accept_referral(
    referral_id: str, body: Comment, person: Signed, services: Given
) -> ReferralOut:
    """Take the case on."""
    done = services.casework.referrals.accept(person, referral_id, body.comment)
    return ReferralOut.model_validate(done)


@router.post("/referrals/{referral_id}/reject")
def reject_referral(referral_id: str, body: Reason, person: Signed, services: Given) -> ReferralOut:
    """Decline, with a reason."""
    done = services.casework.referrals.reject(person, referral_id, body.reason_code, body.comment)
    return ReferralOut.model_validate(done)


@router.post("/referrals/{referral_id}/finish")
def finish_referral(
    referral_id: str, body: Comment, person: Signed, services: Given
) -> ReferralOut:
    """What was asked for is done."""
    done = services.casework.referrals.finish(person, referral_id, body.comment)
    return ReferralOut.model_validate(done)


@router.post("/referrals/{referral_id}/revoke")
def revoke_referral(referral_id: str, body: Reason, person: Signed, services: Given) -> ReferralOut:
    """Take the letter back."""
    done = services.casework.referrals.revoke(person, referral_id, body.reason_code, body.comment)
    return ReferralOut.model_validate(done)
