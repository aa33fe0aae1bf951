"""A person's own drawer: words not sent yet and how they like their desk, read by nobody else.

What is written is kept while it is written, so that a refresh, a lost line or an ended session
loses no word of it: the story of an intake under its own name, every other field under a name that
begins with `WRITTEN` and says where it stands. It leaves the drawer when the record has it, and is
forgotten after a month.
"""

from __future__ import annotations

from typing import Any

from cases.errors import DrawerForeign
from cases.people import Person
from cases.rows import Rows
from runtime.database import Database

ROWS = Rows("drawers")
STORY, LONGEST_DAYS = "intake", 30
WRITTEN, MOST = "written-", 120


class Drawers:
    """Keeps and gives back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: Person) -> list[dict[str, Any]]:
        """Everything in the person's drawer; words older than a month are gone."""
        old = {"name": STORY, "begins": WRITTEN, "days": LONGEST_DAYS}
        with self._database.session(person.actor) as session:
            ROWS.run(session, "forget_old", who=person.id, **old)
            return ROWS.rows(session, "all", who=person.id)

    def keep(self, person: Person, name: str, content: str, writer: str | None = None) -> None:
        """Keep words under a name, in place of what lay there; no words empty it.

        ``writer``: who wrote them, if the page says so. Raises `DrawerForeign` for anybody else:
        a window left open never fills the drawer of whoever signs in after its person.
        """
        if writer not in (None, person.id):
            raise DrawerForeign
        with self._database.session(person.actor) as session:
            if not content:
                ROWS.run(session, "empty", who=person.id, name=name)
                return
            ROWS.run(session, "keep", who=person.id, name=name, content=content)
            if name.startswith(WRITTEN):
                ROWS.run(session, "crowd_out", who=person.id, begins=WRITTEN, most=MOST)

    def empty(self, person: Person, begins: str) -> None:
        """Take out every field that was being written under a name beginning so."""
        with self._database.session(person.actor) as session:
            ROWS.run(session, "empty_all", who=person.id, begins=begins)
