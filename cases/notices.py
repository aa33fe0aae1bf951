"""What a person is told: letters, answers, invitations, tasks, approvals, time limits, delays.

The database makes a notice together with the act it tells of (migrations 0024 and 0033); what time
alone brings about is told by a periodic job. A notice holds ids; words are made for its reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.alerts import AHEAD_H
from cases.casebook import casebook
from cases.changes import Changes
from cases.notice_rows import SQL, count_unread, said
from cases.people import Person
from runtime.database import Database
from runtime.jobs import JobContext

TASK = "remind"
EVERY = "* * * * *"
CONSENT_AHEAD_D = 14


class Notices(Changes):
    """The notices of one database; `of` streams one person's as they are committed."""

    channel = "cmis_notices"

    def listed(
        self, person: Person, *, read: bool | None = None, limit: int = 50, offset: int = 0
    ) -> dict[str, Any]:
        """``{items, unread}``: a page, the newest first, and how many are not read in all.

        ``read``: those already read, or those not, alone.
        """
        with self._database.session(person.actor) as session:
            page = {"read": read, "limit": limit, "offset": offset, "who": person.id}
            found = SQL.rows(session, "notices", **page)
            left = count_unread(session, person)
        return {"items": [said(row) for row in found], "unread": left}

    def unread(self, person: Person) -> int:
        """How many notices the person has not read."""
        with self._database.session(person.actor) as session:
            return count_unread(session, person)

    def read(
        self, person: Person, ids: Sequence[str] | None, until: datetime | None = None
    ) -> None:
        """These of the person's notices are read, for None all; none made after ``until``."""
        with self._database.session(person.actor) as session:
            wanted = None if ids is None else list(ids)
            SQL.run(session, "mark_read", who=person.id, ids=wanted, until=until)

    def row(self, person: Person, notice: str) -> dict[str, Any] | None:
        """A notice that was announced as ``person's id, its own``; None for another's."""
        who, _, notice_id = notice.partition(" ")
        if who != person.id:
            return None
        with self._database.session(person.actor) as session:
            found = SQL.first(session, "notice", id=notice_id, who=who)
        return said(found) if found else None


class RemindTask:
    """The periodic job: what is near its end or over it, and what nobody answers.

    Limits, consents, letters, tasks, and emergency openings without a review.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Tell what was not told yet; done twice, the second tells nothing."""
        with self._database.session() as session:
            SQL.scalar(session, "remind", hours=AHEAD_H)
            SQL.scalar(session, "remind_of_consents", days=CONSENT_AHEAD_D)
            SQL.scalar(session, "remind_of_openings", hours=casebook("glass")["review_hours"])
