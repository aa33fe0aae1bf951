"""Notices as their reader gets them: ids of the record, words of both languages, the place meant.

The number of the case is read in the reader's name: who may not see the case is not told it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases.casebook import listed
from cases.people import Person
from cases.rows import Row, Rows
from runtime.messages import sentence

SQL = Rows("notices")
UNSEEN = "…"


def kinds() -> dict[str, dict[str, Any]]:
    """Every kind of notice by its id: ``place``, and ``grave`` for what stands first."""
    return listed("notices", "kinds")


def unread(session: Session, person: Person, most: int) -> list[dict[str, Any]]:
    """What the person has not read, dangers first, then the newest."""
    grave = [kind for kind, row in kinds().items() if row.get("grave")]
    found = SQL.rows(session, "unread", who=person.id, grave=grave, limit=most)
    return [said(row) for row in found]


def count_unread(session: Session, person: Person) -> int:
    """How many notices the person has not read."""
    return int(SQL.scalar(session, "count_unread", who=person.id))


def said(row: Row) -> dict[str, Any]:
    """The notice in words of both languages; the case's number where the person sees the case."""
    known = kinds().get(row["kind"], {})
    words = {
        f"message_{lang}": sentence(f"notice.{row['kind']}", lang, number=row["number"] or UNSEEN)
        for lang in ("th", "en")
    }
    return row | words | {"place": known.get("place"), "grave": known.get("grave", False)}
