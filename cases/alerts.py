"""What waits for a person, computed when asked: letters, deadlines, approvals, openings, meetings,
and what they were told and have not read.

A letter nobody answered in time stands in its sender's list and in the list of every colleague
who sees the case, so it escalates without a job that could fail.
"""

from __future__ import annotations

from typing import Any

from cases.conference_rows import SQL as CONFERENCES
from cases.deadlines import SQL as DEADLINES
from cases.glass import SQL as GLASS
from cases.letters import SQL as LETTERS
from cases.notice_rows import count_unread, unread
from cases.people import Person
from cases.sign_offs import requests
from runtime.database import Database

MOST, AHEAD_H = 100, 48


class Alerts:
    """What waits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: Person) -> dict[str, Any]:
        """Lists by kind, the most pressing first, each at most 100 long; a count ``unread``."""
        box = {"agency": person.agency_id, "status": "pending", "limit": MOST, "offset": 0}
        with self._database.session(person.actor) as session:
            incoming = LETTERS.rows(session, "between", box="in", **box)
            sent = LETTERS.rows(session, "between", box="out", **box)
            return {
                "to_answer": incoming,
                "unanswered": [letter for letter in sent if letter["overdue"]],
                "deadlines": DEADLINES.rows(session, "soon", hours=AHEAD_H, limit=MOST),
                "conferences": CONFERENCES.rows(session, "invited", who=person.id),
                "to_sign": requests(session, person, None, MOST),
                "openings": GLASS.rows(
                    session, "unreviewed", who=person.id, agency=person.agency_id, limit=MOST
                )
                if person.role == "supervisor"
                else [],
                "notices": unread(session, person, MOST),
                "unread": count_unread(session, person),
            }
