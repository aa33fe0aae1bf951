"""Runs the statements of ``queries.sql``: the only place of this room that speaks SQL."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from cases.errors import CaseUnseen
from runtime.sql import statements

SQL = statements("cases")


def new_id() -> str:
    """A fresh identifier."""
    return uuid.uuid4().hex


def run(session: Session, name: str, /, **values: Any) -> None:
    """Run a statement for its effect."""
    session.execute(SQL[name], values)


def rows(session: Session, name: str, /, **values: Any) -> list[RowMapping]:
    """All rows of a statement."""
    return list(session.execute(SQL[name], values).mappings())


def first(session: Session, name: str, /, **values: Any) -> RowMapping | None:
    """The first row of a statement, if any."""
    return session.execute(SQL[name], values).mappings().first()


def scalar(session: Session, name: str, /, **values: Any) -> Any:
    """The first value of a statement."""
    return session.execute(SQL[name], values).scalar()


def seen_case(session: Session, case_id: str, *, lock: bool = False) -> RowMapping:
    """The case, as far as the actor may see it; raises `CaseUnseen`."""
    found = first(session, "lock_case" if lock else "get_case", id=case_id)
    if found is None:
        raise CaseUnseen
    return found


def seen(session: Session, name: str, /, **values: Any) -> RowMapping:
    """The first row of a statement over a case's table; raises `CaseUnseen` when hidden."""
    found = first(session, name, **values)
    if found is None:
        raise CaseUnseen
    return found


def plain(row: Mapping[Any, Any] | None) -> dict[str, Any] | None:
    """A row as a dictionary."""
    return dict(row) if row is not None else None
