"""Tells another system that something happened: signed, and worthless to whoever replays it.

What goes out is an event's name and ids, never words of a case. The signature covers the moment,
a nonce and the body. An event may come twice (a worker died between sending and noting it), then
with the same nonce: `Receiver` shows what the other side does, and refuses what it saw before.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import httpx
import orjson
import structlog
from sqlalchemy.orm import Session

from cases import repository
from cases.casebook import casebook
from cases.rows import Row, Rows
from runtime.actor import Actor
from runtime.clock import now
from runtime.database import Database
from runtime.jobs import JobContext

TASK = "tell_webhook"
EVERY = "* * * * *"
TELLER = "cmis-webhook"
TIMEOUT_S = 10.0
FRESH_S = 300
LOOK_BACK_HOURS = 72
AT_ONCE = 100
HEADERS = ("X-CMIS-Timestamp", "X-CMIS-Nonce", "X-CMIS-Signature")
ROWS = Rows("exchange")
log = structlog.get_logger("cases.webhooks")


class WebhookTask:
    """The periodic job: tells what was not told yet, in order, until one cannot be told."""

    def __init__(self, database: Database, url: str | None, secret: str | None) -> None:
        self._database = database
        self._url = url
        self._secret = secret

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Tell what waits; what cannot be told now waits for the next time."""
        if self._url and self._secret:
            with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
                for agency in self._agencies():
                    self._of_agency(client, agency, context)

    def _of_agency(self, client: httpx.Client, agency: str, context: JobContext) -> None:
        who = Actor(TELLER, agency, "auditor")
        with self._database.session(who) as session:
            waiting = _waiting(session, agency)
        for event in waiting:
            context.give_way()
            if not self._told(client, event):
                return
            with self._database.session(who) as session:
                ROWS.run(session, "add_delivery", case_id=event["case_id"], seq=event["seq"])

    def _told(self, client: httpx.Client, event: Row) -> bool:
        body = body_of(event)
        headers = signed(str(self._secret), event["hash"], body)
        try:
            answer = client.post(str(self._url), content=body, headers=headers)
        except httpx.HTTPError as error:
            log.warning("webhook_unreachable", kind=type(error).__name__)
            return False
        if not answer.is_success:
            log.warning("webhook_refused", status=answer.status_code)
        return answer.is_success

    def _agencies(self) -> list[str]:
        with self._database.session() as session:
            return [row["id"] for row in repository.rows(session, "agencies")]


def body_of(event: Row) -> bytes:
    """What is told of an event."""
    return orjson.dumps(
        {
            "id": event["hash"],
            "action": event["action"],
            "case_id": event["case_id"],
            "case_number": event["number"],
            "agency_id": event["agency_id"],
            "subject": event["subject"],
            "at": event["at"].isoformat(),
        }
    )


def signed(secret: str, nonce: str, body: bytes) -> dict[str, str]:
    """The headers of one message."""
    moment = str(int(now().timestamp()))
    values = (moment, nonce, f"v1={signature(secret, moment, nonce, body)}")
    return dict(zip(HEADERS, values, strict=True)) | {"Content-Type": "application/json"}


def signature(secret: str, moment: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 over ``moment.nonce.body``, in hexadecimal."""
    return hmac.new(secret.encode(), f"{moment}.{nonce}.".encode() + body, sha256).hexdigest()


class Receiver:
    """What the other side does with a message; keep ``seen`` for at least `FRESH_S` seconds."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self.seen: set[str] = set()

    def accepts(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a message is genuine, fresh, and was not accepted before."""
        try:
            moment, nonce, given = (headers[name] for name in HEADERS)
            age = abs(now().timestamp() - int(moment))
        except (KeyError, ValueError):
            return False
        right = f"v1={signature(self._secret, moment, nonce, body)}"
        if not hmac.compare_digest(given.encode(), right.encode()):
            return False
        if age > FRESH_S or nonce in self.seen:
            return False
        self.seen.add(nonce)
        return True


def told_actions() -> list[str]:
    """The events that are told."""
    actions: list[str] = casebook("webhooks")["actions"]
    return actions


def _waiting(session: Session, agency: str) -> list[Row]:
    return ROWS.rows(
        session,
        "announced_events",
        actions=told_actions(),
        agency_id=agency,
        hours=LOOK_BACK_HOURS,
        limit=AT_ONCE,
    )
