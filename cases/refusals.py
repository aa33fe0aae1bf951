"""Refused access leaves its trace in the chain of the case that was asked for.

Whoever works on the case sees who tried. The database lets anybody add such an event, in their
own name, to a case they may not see; nothing of the case comes back.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from cases import audit, repository
from cases.people import Person
from cases.seals import PROOF
from runtime.database import Database

ACTION = "access_refused"
UNSEEN = ".unseen"
ONE_TRY_S = 600.0
REMEMBERED = 10_000


class Refusals:
    """Records refusals; the same person at the same case and door once in ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lately: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._alone = Lock()

    def note(self, person: Person, asked: Iterable[str], door: str, code: str) -> None:
        """``asked`` are the ids of the request, ``door`` its method and route.

        A case the person may see is not refused because something else in the request is unknown.
        """
        with self._database.session(person.actor) as session:
            behind = {key: PROOF.scalar(session, "case_behind", key=key) for key in asked}
            seen = {
                key
                for key, case_id in behind.items()
                if key == case_id
                and code.endswith(UNSEEN)
                and repository.first(session, "get_case", id=key)
            }
        for case_id in {c for key, c in behind.items() if c and key not in seen}:
            if self._is_new((person.id, case_id, door)):
                detail = {"door": door, "code": code, "agency_id": person.agency_id}
                with self._database.session(person.actor) as session:
                    audit.record(session, case_id, person.id, ACTION, case_id, detail)

    def _is_new(self, attempt: tuple[str, str, str]) -> bool:
        at = time.monotonic()
        with self._alone:
            before = self._lately.pop(attempt, None)
            fresh = before is not None and at - before < ONE_TRY_S
            self._lately[attempt] = before if fresh and before is not None else at
            while len(self._lately) > REMEMBERED:
                self._lately.popitem(last=False)
            return not fresh
