"""What of the shared knowledge changed of late, whose plans rest on it, what waits for a review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from cases.people import Person
from cases.staleness import plans_seen
from knowledge_base.entries import Entry
from knowledge_base.library import DATA, Library
from knowledge_base.review import due_for_review, load_review
from knowledge_base.sources import visible
from runtime.clock import today
from runtime.database import Database
from runtime.errors import Forbidden

MOST = 30
OF_LATE = timedelta(days=730)
SOON = timedelta(days=365)
KEEPERS = frozenset({"administrator", "supervisor"})


class Lately:
    """The state of the knowledge, for whoever asks."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    def of(self, person: Person) -> dict[str, Any]:
        """``{version, in_force, ended, added, plans}``; plans are those the person may see."""
        day = today()
        entries = self._library.entries.values()
        begun = [e for e in entries if _within(e.effective_from, day)]
        ended = [e for e in entries if _within(e.effective_to, day)]
        return {
            "version": self._library.version,
            "in_force": _newest(begun, "effective_from"),
            "ended": _newest(ended, "effective_to"),
            "added": visible(self._database, person.actor)[:MOST],
            "plans": plans_seen(self._database, self._library, person)[:MOST],
        }

    def due(self, person: Person) -> dict[str, Any]:
        """``{total, due, waiting}``; raises `Forbidden` for who keeps no knowledge."""
        if person.role not in KEEPERS:
            raise Forbidden
        due = due_for_review(self._library, load_review(DATA), today())
        added = visible(self._database, person.actor)
        waiting = [source for source in added if source.review == "waiting"]
        return {"total": len(due), "due": due[:MOST], "waiting": waiting[:MOST]}


def _within(when: date | None, day: date) -> bool:
    return when is not None and day - OF_LATE <= when <= day + SOON


def _newest(entries: Iterable[Entry], by: str) -> list[Entry]:
    return sorted(entries, key=lambda e: (getattr(e, by), e.id), reverse=True)[:MOST]
