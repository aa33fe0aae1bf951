"""What researchers did, one hash chain for all of it, written in the transaction of the act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.orm import Session

from cases import audit
from cases.audit import Broken
from cases.people import Person
from cases.rows import Rows
from runtime.clock import now
from runtime.database import Database

CHAIN = "research"
ROWS = Rows("extracts")


def log(
    session: Session, person: Person, action: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Add an event; holds the chain until the transaction ends."""
    ROWS.run(session, "hold_research")
    last = ROWS.first(session, "last_research_event")
    event = {
        "seq": last["seq"] + 1 if last else 1,
        "at": now(),
        "actor_id": person.id,
        "action": action,
        "subject": subject,
        "detail": dict(detail),
        "prev_hash": last["hash"] if last else audit.START,
    }
    hashed = audit.event_hash(event | {"case_id": CHAIN})
    stored = event | {"hash": hashed, "detail": orjson.dumps(event["detail"]).decode()}
    ROWS.run(session, "add_research_event", **stored)


class ResearchLog:
    """Reads and verifies the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, person: Person) -> dict[str, Any]:
        """``{events, broken}``; no events for whoever may not read them."""
        with self._database.session(person.actor) as session:
            events = ROWS.rows(session, "research_events")
        chained = [e | {"case_id": CHAIN} for e in events]
        broken: Broken | None = audit.first_break(chained)
        return {"events": events, "broken": broken.seq if broken else None}
