"""Checks of the whole record that people ask for: done by a worker, watched, and kept.

An auditor, who reads the trails of one agency, is told of damage in another agency's case without
the case: that there is damage is everybody's who watches, which case it is in is not.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.orm import Session

from cases import repository
from cases.accounts import actor_of
from cases.job_runs import is_lost
from cases.people import Person
from cases.proof import Proofs
from cases.rows import Row, Rows
from runtime.actor import Actor
from runtime.database import Database
from runtime.errors import BadInput, CmisError, Forbidden
from runtime.jobs import JobContext, JobLost, Patience, defer

SQL = Rows("verifications")
TASK = "verify_record"
AUDITOR = "auditor"
WATCHERS = frozenset({AUDITOR, "administrator"})
MOST = 10
STEP_S = 0.5
LOST = "verification.lost"


class Verifications:
    """Asks for checks and reads what they found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(self, person: Person) -> Row:
        """A new check, or the one under way; raises `Forbidden`."""
        _watches(person)
        with self._database.session(person.actor) as session:
            for row in SQL.rows(session, "under_way"):
                _settled(session, _got(session, row["id"]))
            new = repository.new_id()
            if SQL.run(session, "ask", id=new, who=person.id):
                payload = {"verification_id": new, "user_id": person.id}
                job_id = defer(session, TASK, payload, lock=TASK)
                SQL.run(session, "job", id=new, job_id=job_id)
                return _got(session, new)
        return self.listed(person)[0]

    def listed(self, person: Person) -> list[Row]:
        """The newest checks with what they found; raises `Forbidden`."""
        _watches(person)
        with self._database.session(person.actor) as session:
            found = SQL.rows(session, "newest", limit=MOST)
            rows = [_settled(session, row) for row in found]
            return _narrowed(session, rows) if person.role == AUDITOR else rows


class VerifyTask:
    """The job's work."""

    def __init__(self, database: Database, proofs: Proofs) -> None:
        self._database = database
        self._proofs = proofs

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Read everything; the result is kept together with the job's claim."""
        run_id, actor = payload["verification_id"], actor_of(self._database, payload["user_id"])
        watch = _Watch(self._database, actor, run_id, context)
        try:
            report = self._proofs.verify(watch.step)
        except JobLost:
            raise  # the check belongs to another worker now
        except Exception as error:
            last = context.attempts + 1 >= Patience().max_attempts and not context.stopping()
            if last or isinstance(error, BadInput):
                code = error.code if isinstance(error, CmisError) else CmisError.code
                with self._database.session(actor) as session:
                    _end(session, run_id, "failed", code=code)
            raise
        with self._database.session(actor) as session:
            context.claim(session)
            _end(session, run_id, "done", report=report)


class _Watch:
    """Writes now and then how many cases were read."""

    def __init__(self, database: Database, actor: Actor, run_id: str, context: JobContext) -> None:
        self._database, self._actor, self._run_id = database, actor, run_id
        self._context = context
        self._told = 0.0

    def step(self, checked: int, cases: int) -> None:
        if time.monotonic() - self._told < STEP_S:
            return
        self._context.give_way()
        with self._database.session(self._actor) as session:
            SQL.run(session, "step", id=self._run_id, checked=checked, cases=cases)
        self._told = time.monotonic()


def _watches(person: Person) -> None:
    if person.role not in WATCHERS:
        raise Forbidden


def _got(session: Session, run_id: str) -> Row:
    return SQL.rows(session, "get", id=run_id)[0]


def _settled(session: Session, run: Row) -> Row:
    """The check; ended as failed when its job is over although nobody ended it."""
    if not is_lost(session, run):
        return run
    _end(session, run["id"], "failed", code=LOST)
    return _got(session, run["id"])


def _end(
    session: Session, run_id: str, status: str, *, report: Any = None, code: str | None = None
) -> None:
    SQL.run(
        session,
        "end",
        id=run_id,
        status=status,
        report=None if report is None else orjson.dumps(report, default=str).decode(),
        checked=report["cases"] if report else 0,
        error_code=code,
    )


def _narrowed(session: Session, runs: list[Row]) -> list[Row]:
    """The same checks; damage in a case this auditor does not read is told without the case."""
    ids = {d["case_id"] for run in runs for d in (run["report"] or {}).get("damage", ())}
    read = {row["id"] for row in SQL.rows(session, "readable", ids=list(ids - {None}))}
    return [run | {"report": _without(run["report"], read)} for run in runs]


def _without(report: Any, read: set[str]) -> Any:
    if not report:
        return report
    hidden = {"case_id": None, "case_number": None, "subject": ""}
    damage = [
        d if d["case_id"] in read or d["kind"] == "checkpoint" else d | hidden
        for d in report["damage"]
    ]
    return report | {"damage": damage}
