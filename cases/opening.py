"""The key a client gives a story: sent again after a broken connection, it opens no second case."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cases.errors import KeyReused
from cases.rows import Rows

ROWS = Rows("opening")


@dataclass(frozen=True)
class OpeningKey:
    """One person's key and what was asked under it."""

    user_id: str
    key: str
    asked_sha256: str

    def opened(self, session: Session) -> str | None:
        """The case opened under this key before; raises `KeyReused` if it was for other words."""
        found = ROWS.first(session, "key_taken", user_id=self.user_id, key=self.key)
        if found is None:
            return None
        if found["asked_sha256"] != self.asked_sha256:
            raise KeyReused
        return str(found["case_id"])

    def take(self, session: Session, case_id: str) -> str:
        """Take the key for a new case, in its transaction; gives the case it stands for.

        Waits for another transaction that takes the same key.
        """
        new = {"user_id": self.user_id, "key": self.key, "asked_sha256": self.asked_sha256}
        if ROWS.first(session, "take_key", case_id=case_id, **new):
            return case_id
        return self.opened(session) or case_id


def asked(*parts: object) -> str:
    """The sha256 of what was asked."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
