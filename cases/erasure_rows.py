"""Rows that an erasure writes anew: each statement must reach what it was meant for.

The words of a person are looked for in every table the catalogue lists, in later ones too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from cases.blackout import Blackout
from cases.person_errors import ErasureIncomplete
from cases.rows import Rows

SQL = Rows("erasure")


def one(session: Session, name: str, table: str, **values: Any) -> int:
    """Run a statement that must reach one row; raises `ErasureIncomplete`."""
    return reached(SQL.run(session, name, **values), table)


def reached(rows: int, table: str) -> int:
    """The one row a statement reached; raises `ErasureIncomplete`."""
    if rows != 1:
        raise ErasureIncomplete(tables=table)
    return rows


def json_of(value: Any) -> str:
    """A value as it stands in a column."""
    return orjson.dumps(value).decode()


def rewritten(
    session: Session,
    table: str,
    columns: list[str],
    kinds: Mapping[str, str],
    case_id: str,
    blackout: Blackout,
) -> int:
    """How many rows of a table spoke of the person. Names come from the catalogue, quoted."""
    if not columns:
        return 0
    listed = ", ".join(f'"{c}"' for c in columns)
    found = session.execute(
        text(f'SELECT ctid::text AS place, {listed} FROM "{table}" WHERE case_id = :c'),  # noqa: S608
        {"c": case_id},
    ).all()
    changed = 0
    for row in found:
        old = row._asdict()
        new = {c: blackout.value(old[c]) for c in columns if old[c] is not None}
        new = {c: v for c, v in new.items() if v != old[c]}
        if new:
            sets = ", ".join(f'"{c}" = CAST(:{c} AS {kinds[c]})' for c in new)
            values = {c: json_of(v) if kinds[c] == "jsonb" else v for c, v in new.items()}
            done = session.execute(
                text(f'UPDATE "{table}" SET {sets} WHERE ctid = CAST(:place AS tid)'),  # noqa: S608
                values | {"place": old["place"]},
            )
            changed += reached(done.rowcount, table)  # type: ignore[attr-defined]
    return changed


def vacuum(alone: Connection, table: str) -> None:
    """Have a table's dead rows gone for good; outside any transaction."""
    alone.execute(text(f'VACUUM "{table}"'))
