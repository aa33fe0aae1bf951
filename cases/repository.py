"""The statements of ``queries.sql``, and the case as far as the actor may see it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from cases.errors import CaseUnseen
from cases.rows import Row, Rows
from runtime.errors import Forbidden

SQL = Rows("queries")
run, rows, first, scalar = SQL.run, SQL.rows, SQL.first, SQL.scalar


def new_id() -> str:
    """A fresh identifier."""
    return uuid.uuid4().hex


def seen_case(session: Session, case_id: str, *, lock: bool = False) -> Row:
    """The case, as far as the actor may see it; raises `CaseUnseen`."""
    found = first(session, "lock_case" if lock else "get_case", id=case_id)
    if found is None:
        raise CaseUnseen
    return found


def writable(session: Session, case_id: str, part: str) -> None:
    """Raises `Forbidden` where a relation does not reach to a part, or only to look at it."""
    if not scalar(session, "may_write", case_id=case_id, part=part):
        raise Forbidden


def seen(session: Session, name: str, /, **values: Any) -> Row:
    """The first row of a statement over a case's table; raises `CaseUnseen` when hidden."""
    found = first(session, name, **values)
    if found is None:
        raise CaseUnseen
    return found
