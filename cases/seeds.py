"""The demo office: four agencies and one person for each role, all invented."""

from __future__ import annotations

import secrets
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from cases import repository
from cases.casebook import casebook
from cases.office import is_real
from cases.rows import Rows
from runtime.database import Database
from runtime.errors import Conflict

FIRST_LOGIN = "somying.pmj"
ROWS = Rows("extracts")


class OfficeIsReal(Conflict):
    """The office was begun from a file of its own."""

    code = "office.real"


def seed_demo(database: Database, password: str | None = None) -> str:
    """Make or renew the demo office; all its accounts get this password, which is returned.

    Raises `OfficeIsReal`: no demo account opens real cases.
    """
    if is_real(database):
        raise OfficeIsReal
    password = password or secrets.token_urlsafe(9)
    hashed = PasswordHasher().hash(password)
    office = demo_office()
    with Session(database.owner_engine) as session, session.begin():
        for agency in office["agencies"]:
            repository.run(session, "put_agency", **agency)
        for agency_id, region in regions().items():
            ROWS.run(session, "set_region", id=agency_id, region=region)
        for user in office["users"]:
            who = {"profession": None} | user
            repository.run(session, "put_user", id=repository.new_id(), password_hash=hashed, **who)
    return password


def demo_office() -> dict[str, list[dict[str, Any]]]:
    """The data of ``data/demo.yaml``."""
    return casebook("demo")


def regions() -> dict[str, str]:
    """The region of each agency, from ``data/regions.yaml``."""
    found: dict[str, str] = casebook("regions")["agencies"]
    return found
