"""A real office begins: agencies and one administrator, who makes every other account.

Nothing that is there already is overwritten: an agency that stands is left as it is, and a second
administrator is made by the first, on the page. What is written leaves a trace in the same
transaction, in the name of whoever runs the installation.
"""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from cases import repository
from cases.administration import PASSWORD_BYTES, ROLE
from cases.administration_errors import LoginTaken
from cases.office_file import Administrator, OfficeAgency, OfficeFile
from cases.rows import Row, Rows
from runtime.database import Database
from runtime.errors import Conflict

SQL = Rows("office")
OPERATOR = "operator"


class AdministratorStands(Conflict):
    """The office has an administrator who is not the file's. Details: ``login``."""

    code: ClassVar[str] = "office.administrator_stands"


class AdministratorElsewhere(Conflict):
    """The file's administrator is of another agency by now. Details: ``login``, ``agency``."""

    code: ClassVar[str] = "office.administrator_elsewhere"


def begin(database: Database, office: OfficeFile, *, renew: bool = False) -> dict[str, Any]:
    """``{agencies: [{id, state, differs}], administrator: {login, state}, password}``.

    States: ``added``, ``unchanged``, ``kept`` (differs from the file and stays); of the
    administrator ``made``, ``unchanged``, ``renewed``. ``password`` is None unless one was made,
    which with ``renew`` is also done for the file's administrator who is there already.
    Raises `AdministratorStands`, `AdministratorElsewhere` or `LoginTaken` and writes nothing.
    """
    with Session(database.owner_engine) as session, session.begin():
        SQL.run(session, "hold")
        known = _known(session, office.administrator)
        agencies = [_agency(session, agency) for agency in office.agencies]
        state, password = _administrator(session, office.administrator, known, renew)
    named = {"login": office.administrator.login, "state": state}
    return {"agencies": agencies, "administrator": named, "password": password}


def is_real(database: Database) -> bool:
    """Whether the office was begun from a file: no demo accounts belong there."""
    with Session(database.owner_engine) as session:
        return bool(SQL.scalar(session, "is_real", operator=OPERATOR))


def _known(session: Session, wanted: Administrator) -> Row | None:
    """The account the file means, where it stands already."""
    for row in SQL.rows(session, "accounts_like", login=wanted.login):
        if row["login"] != wanted.login:
            raise AdministratorStands(login=row["login"])
        if row["role"] != ROLE:
            raise LoginTaken
        if row["agency_id"] != wanted.agency_id:
            raise AdministratorElsewhere(login=row["login"], agency=row["agency_id"])
        return row
    return None


def _agency(session: Session, agency: OfficeAgency) -> dict[str, Any]:
    wanted = agency.model_dump()
    found = SQL.first(session, "get_agency", id=agency.id)
    if found is None:
        SQL.run(session, "add_agency", **wanted)
        SQL.run(session, "note_agency", id=agency.id, operator=OPERATOR)
        return {"id": agency.id, "state": "added", "differs": []}
    differs = [name for name, value in wanted.items() if found[name] != value]
    return {"id": agency.id, "state": "kept" if differs else "unchanged", "differs": differs}


def _administrator(
    session: Session, wanted: Administrator, known: Row | None, renew: bool
) -> tuple[str, str | None]:
    if known and not renew:
        return "unchanged", None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = PasswordHasher().hash(password)
    if known:
        SQL.run(session, "new_password", id=known["id"], hashed=hashed)
        SQL.run(session, "sign_out", id=known["id"])
        SQL.run(session, "note_account", id=known["id"], act="reset", operator=OPERATOR)
        return "renewed", password
    new = repository.new_id()
    SQL.run(session, "add_administrator", id=new, hashed=hashed, **wanted.model_dump())
    SQL.run(session, "note_account", id=new, act="made", operator=OPERATOR)
    return "made", password
