"""Runs the statements of ``queries.sql``: the only place of this room that speaks SQL."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from cases.errors import CaseUnseen
from runtime.sql import statements

SQL = statements("cases")
Row = dict[str, Any]


def new_id() -> str:
    """A fresh identifier."""
    return uuid.uuid4().hex


def run(session: Session, name: str, /, **values: Any) -> None:
    """Run a statement for its effect."""
    session.execute(SQL[name], values)


def rows(session: Session, name: str, /, **values: Any) -> list[Row]:
    """All rows of a statement."""
    return [row._asdict() for row in session.execute(SQL[name], values)]


def first(session: Session, name: str, /, **values: Any) -> Row | None:
    """The first row of a statement, if any."""
    row = session.execute(SQL[name], values).first()
    return row._asdict() if row is not None else None


def scalar(session: Session, name: str, /, **values: Any) -> Any:
    """The first value of a statement."""
    return session.execute(SQL[name], values).scalar()


def seen_case(session: Session, case_id: str, *, lock: bool = False) -> Row:
    """The case, as far as the actor may see it; raises `CaseUnseen`."""
    found = first(session, "lock_case" if lock else "get_case", id=case_id)
    if found is None:
        raise CaseUnseen
    return found


def seen(session: Session, name: str, /, **values: Any) -> Row:
    """The first row of a statement over a case's table; raises `CaseUnseen` when hidden."""
    found = first(session, name, **values)
    if found is None:
        raise CaseUnseen
    return found
