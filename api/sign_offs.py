"""Approvals beside the plan's: closures, disclosures without consent, transfers, documents."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from api.views import CaseRoute

router = APIRouter(tags=["sign-offs"], responses=RESPONSES, route_class=CaseRoute)


class ClosureAsk(Body):
    """The closure request that is to be approved."""

    entry_id: Words = Field(max_length=64)


class Decision(Body):
    """The word of who approves, on exactly what they saw."""

    verdict: Literal["approved", "refused"]
    content_hash: str = Field(min_length=64, max_length=64)
    comment: Words | None = Field(default=None, max_length=2000)


class SignOffOut(BaseModel):
    """A request for approval and what was said to it; ``may_decide``: by whoever reads this."""

    id: str
    case_id: str
    kind: Literal["document", "disclosure", "transfer", "closure"]
    subject_id: str
    content_hash: str
    two_people: bool
    requested_name: str
    requested_at: datetime
    verdict: Literal["approved", "refused"] | None
    comment: str | None
    decided_name: str | None
    decided_at: datetime | None
    requested_agency: str | None = None  # told where one case's requests are listed
    decided_agency: str | None = None
    may_decide: bool = False


@router.post("/cases/{case_id}/closure")
def ask_closure(
    case_id: str, body: ClosureAsk, person: Signed, services: Given
) -> list[SignOffOut]:
    """Ask a second person to approve the closure."""
    found = services.casework.sign_offs.ask_closure(person, case_id, body.entry_id)
    return [SignOffOut.model_validate(row) for row in found]


@router.post("/document-versions/{version_id}/approval", status_code=201)
def ask_document(version_id: str, person: Signed, services: Given) -> list[SignOffOut]:
    """Ask a second person to approve this version; it is not sent or signed before."""
    found = services.casework.sign_offs.ask_document(person, version_id)
    return [SignOffOut.model_validate(row) for row in found]


@router.get("/cases/{case_id}/sign-offs")
def list_sign_offs(case_id: str, person: Signed, services: Given) -> list[SignOffOut]:
    """Requests of a case, the oldest first."""
    found = services.casework.sign_offs.of_case(person, case_id)
    return [SignOffOut.model_validate(row) for row in found]


@router.post("/sign-offs/{sign_off_id}/decision")
def decide_sign_off(
    sign_off_id: str, body: Decision, person: Signed, services: Given
) -> SignOffOut:
    """Approve or refuse; an approved closure closes the case and sets its surveillance."""
    done = services.casework.sign_offs.decide(
        person, sign_off_id, body.verdict, body.content_hash, body.comment
    )
    return SignOffOut.model_validate(done)
