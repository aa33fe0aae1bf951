"""The audit trail: written in the change's own transaction, one hash chain per case.

Whoever writes holds the case and its rows first and the chain last, and no row's hold keeps out
those who only refer to it: otherwise a reader's trace and a writer's work wait for one another.

Each event's hash runs over its content and the hash before it, so a changed, missing or inserted
row breaks the chain from there on. An event also commits to every row written since the event
before it: its detail ``sealed`` is the hash over their seals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from cases import repository, seals
from cases.canonical import content_hash
from runtime.clock import now

START = "0" * 64
ONE_READING_MIN = 30


class Broken(BaseModel):
    """Where a chain breaks: the first sequence number that does not fit."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    seq: int


def record(
    session: Session,
    case_id: str,
    actor_id: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an event; holds the case's chain until the transaction ends, so numbers never collide."""
    repository.run(session, "hold_chain", case_id=case_id)
    last = repository.first(session, "last_event", case_id=case_id)
    seq = last["seq"] + 1 if last else 1
    event = {
        "case_id": case_id,
        "seq": seq,
        "at": now(),
        "actor_id": actor_id,
        "action": action,
        "subject": subject,
        "detail": dict(detail or {}) | seals.taken(session, case_id, seq),
        "prev_hash": last["hash"] if last else START,
    }
    stored = event | {"hash": event_hash(event), "detail": orjson.dumps(event["detail"]).decode()}
    repository.run(session, "add_event", **stored)


def record_once(session: Session, case_id: str, actor_id: str, action: str, subject: str) -> None:
    """Add an event unless the same person did the same within the last half hour."""
    event = {"case_id": case_id, "actor_id": actor_id, "action": action, "subject": subject}
    if not seals.PROOF.scalar(session, "noted_lately", minutes=ONE_READING_MIN, **event):
        record(session, case_id, actor_id, action, subject)


def event_hash(event: Mapping[str, Any]) -> str:
    """sha256 over everything of an event but its own hash."""
    return content_hash(hashed_part(event))


def hashed_part(event: Mapping[str, Any]) -> dict[str, Any]:
    """What an event's hash runs over."""
    at: datetime = event["at"]
    content = {k: event[k] for k in ("case_id", "seq", "actor_id", "action", "subject", "detail")}
    return content | {"at": at.astimezone(UTC).isoformat(), "prev_hash": event["prev_hash"]}


def verify(session: Session, case_id: str) -> Broken | None:
    """The first break of a case's chain, or None when it holds."""
    return first_break(repository.rows(session, "list_events", case_id=case_id))


def first_break(events: Iterable[Mapping[str, Any]]) -> Broken | None:
    """The first event that does not fit the chain."""
    before, expected = START, 1
    for event in events:
        fits = event["seq"] == expected and event["prev_hash"] == before
        if not fits or event["hash"] != event_hash(event):
            return Broken(case_id=event["case_id"], seq=event["seq"])
        before, expected = event["hash"], expected + 1
    return None
