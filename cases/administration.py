"""What an administrator looks after: accounts, agencies, the queue of work.

An administrator reads no case. Accounts change through functions of the database that ask for the
role themselves; a new password is told once and kept only as its hash.
"""

from __future__ import annotations

import secrets
from typing import Any

from argon2 import PasswordHasher
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cases import repository
from cases.administration_errors import (
    AccountUnfit,
    AccountUnseen,
    AgencyTaken,
    AgencyUnseen,
    JobNotFailed,
    JobUnseen,
    LoginTaken,
)
from cases.agencies import (
    Agency,
    NewAgency,
    check_contact,
    check_new,
    check_region,
    kinds,
    regions,
)
from cases.people import Person
from cases.rows import Rows
from runtime.database import Database
from runtime.errors import CmisError, Forbidden

SQL = Rows("administration")
ROLE = "administrator"
PASSWORD_BYTES = 12
MOST_JOBS = 50
TAKEN: dict[str, type[CmisError]] = {"users_login_key": LoginTaken, "agencies_pkey": AgencyTaken}


class Account(BaseModel):
    """Who somebody is in the office. ``active`` false: locked, and signed out at once."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: str
    agency_id: str
    profession: str | None = None
    active: bool = True


class Administration:
    """The administrator's verbs over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()

    def accounts(self, person: Person) -> dict[str, Any]:
        """``{accounts, agencies, regions, kinds}`` of the installation; raises `Forbidden`."""
        _administers(person)
        with self._database.session(person.actor) as session:
            return {
                "accounts": SQL.rows(session, "accounts"),
                "agencies": SQL.rows(session, "agencies"),
                "regions": regions(),
                "kinds": kinds(),
            }

    def make(self, person: Person, login: str, account: Account) -> dict[str, str]:
        """``{id, password}`` of a new account; raises `LoginTaken` or `AccountUnfit`."""
        _administers(person)
        password, new = secrets.token_urlsafe(PASSWORD_BYTES), repository.new_id()
        given = account.model_dump(exclude={"active"})
        hashed = self._hasher.hash(password)
        self._done(
            person, "make_account", id=new, login=login.strip().lower(), hashed=hashed, **given
        )
        return {"id": new, "password": password}

    def change(self, person: Person, account_id: str, account: Account) -> None:
        """Name, role, agency, locked or not. Raises `AccountUnseen`, `AccountUnfit`."""
        _administers(person)
        if not self._done(person, "change_account", id=account_id, **account.model_dump()):
            raise AccountUnseen

    def reset(self, person: Person, account_id: str) -> dict[str, str]:
        """``{id, password}``: a new password, all sessions ended; raises `AccountUnseen`."""
        _administers(person)
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = self._hasher.hash(password)
        if not self._done(person, "reset_account", id=account_id, hashed=hashed):
            raise AccountUnseen
        return {"id": account_id, "password": password}

    def add_agency(self, person: Person, agency: NewAgency) -> None:
        """One more agency: accounts, letters and requests can go to it at once.

        Raises `AgencyTaken`, or what `check_new` finds.
        """
        _administers(person)
        check_new(agency)
        self._done(person, "add_agency", **agency.model_dump())

    def change_agency(self, person: Person, agency_id: str, agency: Agency) -> None:
        """What can be changed of an agency.

        Raises `AgencyUnseen`, `RegionUnknown` or `AgencyContact`.
        """
        _administers(person)
        check_region(agency.region)
        if agency.contact:
            check_contact(agency.contact)
        if not self._done(person, "change_agency", id=agency_id, **agency.model_dump()):
            raise AgencyUnseen

    def jobs(self, person: Person) -> dict[str, Any]:
        """``{jobs, counts}``: failed ones first, then the newest; names and ids, no words."""
        _administers(person)
        with self._database.session(person.actor) as session:
            counts = SQL.rows(session, "job_counts")
            return {
                "jobs": SQL.rows(session, "jobs", limit=MOST_JOBS),
                "counts": {row["status"]: row["count"] for row in counts},
            }

    def retry(self, person: Person, job_id: int) -> None:
        """Put a failed job back into the queue; raises `JobUnseen` or `JobNotFailed`."""
        _administers(person)
        with self._database.session(person.actor) as session:
            status = SQL.scalar(session, "job_status", id=job_id)
            if status != "failed":
                raise JobNotFailed if status else JobUnseen
            SQL.run(session, "retry_job", id=job_id)

    def _done(self, person: Person, statement: str, /, **given: Any) -> bool:
        try:
            with self._database.session(person.actor) as session:
                return SQL.scalar(session, statement, **given) is not False
        except IntegrityError as error:
            rule = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
            raise TAKEN.get(str(rule), AccountUnfit) from error
        except ProgrammingError as error:  # one's own account
            raise Forbidden from error


def _administers(person: Person) -> None:
    if person.role != ROLE:
        raise Forbidden
