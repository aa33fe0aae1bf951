"""Runs the named statements of this room's ``.sql`` files: nothing else here speaks SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from runtime.sql import statements

Row = dict[str, Any]


class Rows:
    """The statements of ``cases/<noun>.sql``; values go in as named parameters."""

    def __init__(self, noun: str) -> None:
        self._sql = statements("cases", noun)

    def run(self, session: Session, name: str, /, **values: Any) -> int:
        """Run a statement for its effect; how many rows it reached."""
        return int(session.execute(self._sql[name], values).rowcount)  # type: ignore[attr-defined]

    def rows(self, session: Session, name: str, /, **values: Any) -> list[Row]:
        """All rows of a statement."""
        return [row._asdict() for row in session.execute(self._sql[name], values)]

    def first(self, session: Session, name: str, /, **values: Any) -> Row | None:
        """The first row of a statement, if any."""
        row = session.execute(self._sql[name], values).first()
        return row._asdict() if row is not None else None

    def scalar(self, session: Session, name: str, /, **values: Any) -> Any:
        """The first value of a statement."""
        return session.execute(self._sql[name], values).scalar()
