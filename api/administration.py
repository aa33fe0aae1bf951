"""Administration: accounts, the queue of work, the trail of all cases verified."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Words
from api.services import Given
from cases.administration import Account
from cases.agencies import Agency, NewAgency

router = APIRouter(prefix="/admin", tags=["administration"], responses=RESPONSES)


class AccountBody(Account):
    """Who somebody is to be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words = Field(min_length=1, max_length=200)
    role: Words = Field(max_length=60)
    agency_id: Words = Field(max_length=60)
    profession: Words | None = Field(default=None, max_length=60)


class NewAccount(AccountBody):
    """An account to make."""

    login: Words = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._-]+$")


class AccountOut(BaseModel):
    """An account; never its password."""

    id: str
    login: str
    name: str
    role: str
    agency_id: str
    profession: str | None
    active: bool
    locked_until: datetime | None
    last_seen_at: datetime | None


class AgencyOut(BaseModel):
    """An agency."""

    id: str
    kind: str
    name_th: str
    name_en: str
    two_person_approval: bool
    receives: bool
    region: str
    contact: str


class AgencyKindOut(BaseModel):
    """A kind an agency may have, with its names."""

    id: str
    th: str
    en: str


class AgencyBody(Agency):
    """What an agency is to be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name_th: Words = Field(min_length=1, max_length=200)
    name_en: Words = Field(min_length=1, max_length=200)
    region: Words = Field(max_length=60)
    contact: Words | None = Field(default=None, max_length=300)


class NewAgencyBody(NewAgency):
    """An agency to add."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Words = Field(max_length=40)
    kind: Words = Field(max_length=60)
    name_th: Words = Field(min_length=1, max_length=200)
    name_en: Words = Field(min_length=1, max_length=200)
    region: Words = Field(max_length=60)
    contact: Words = Field(max_length=300)


class AccountsOut(BaseModel):
    """All accounts and agencies, and the kinds and regions an agency may have."""

    accounts: list[AccountOut]
    agencies: list[AgencyOut]
    regions: list[str]
    kinds: list[AgencyKindOut]


class OncePassword(BaseModel):
    """A password, told this once."""

    id: str
    password: str


class JobOut(BaseModel):
    """A job by its name; never what it is about."""

    id: int
    queue_name: str
    task_name: str
    status: str
    attempts: int
    scheduled_at: datetime | None
    last_at: datetime | None


class VerificationOut(BaseModel):
    """A check of the whole record; ``report`` is there when it is done."""

    id: str
    status: str
    checked: int
    cases: int
    report: dict[str, Any] | None
    error_code: str | None
    requested_by: str | None
    requested_at: datetime
    ended_at: datetime | None


class JobsOut(BaseModel):
    """Jobs, failed ones first, and how many there are of each state."""

    jobs: list[JobOut]
    counts: dict[str, int]


@router.get("/accounts")
def list_accounts(person: Signed, services: Given) -> AccountsOut:
    """Accounts and agencies of the installation."""
    return AccountsOut.model_validate(services.administration.accounts(person))


@router.post("/accounts", status_code=201)
def make_account(body: NewAccount, person: Signed, services: Given) -> OncePassword:
    """A new account; its password is told this once."""
    account = Account.model_validate(body.model_dump(exclude={"login"}))
    return OncePassword.model_validate(services.administration.make(person, body.login, account))


@router.put("/accounts/{account_id}", status_code=204)
def change_account(account_id: str, body: AccountBody, person: Signed, services: Given) -> Response:
    """Change name, role or agency, lock or open; not one's own account."""
    services.administration.change(person, account_id, body)
    return Response(status_code=204)


@router.post("/accounts/{account_id}/password")
def reset_password(account_id: str, person: Signed, services: Given) -> OncePassword:
    """A new password, told this once; every session of the account ends."""
    return OncePassword.model_validate(services.administration.reset(person, account_id))


@router.post("/agencies", status_code=201)
def add_agency(body: NewAgencyBody, person: Signed, services: Given) -> dict[str, str]:
    """One more agency; accounts, letters and requests can go to it at once."""
    services.administration.add_agency(person, body)
    return {"id": body.id}


@router.put("/agencies/{agency_id}", status_code=204)
def change_agency(agency_id: str, body: AgencyBody, person: Signed, services: Given) -> Response:
    """Change names, region, whether letters go there and whether two people approve."""
    services.administration.change_agency(person, agency_id, body)
    return Response(status_code=204)


@router.get("/jobs")
def list_jobs(person: Signed, services: Given) -> JobsOut:
    """The queue."""
    return JobsOut.model_validate(services.administration.jobs(person))


@router.post("/jobs/{job_id}/retry", status_code=204)
def retry_job(
    job_id: Annotated[int, Path(ge=1, lt=2**62)], person: Signed, services: Given
) -> Response:
    """Put a failed job back into the queue."""
    services.administration.retry(person, job_id)
    return Response(status_code=204)


@router.post("/verification", status_code=202)
def verify_record(person: Signed, services: Given) -> VerificationOut:
    """Have every case's chain, rows, plans, approvals and documents checked; one at a time."""
    return VerificationOut.model_validate(services.verifications.request(person))


@router.get("/verification")
def list_verifications(person: Signed, services: Given) -> list[VerificationOut]:
    """The newest checks, how far they are and what they found."""
    found = services.verifications.listed(person)
    return [VerificationOut.model_validate(row) for row in found]
