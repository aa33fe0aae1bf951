"""Documents read and added as a job, one a file.

The end of a file stands in the transaction that adds its passages, so a worker may die at any
moment: the next one begins that file again, and no document is half in or told of twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import orjson
from sqlalchemy.orm import Session

from cases.accounts import actor_of
from cases.document_files import DocumentFiles
from cases.job_runs import ALIVE
from cases.rows import Row, Rows
from cases.source_reviews import warnings_of
from knowledge_base.add_report import Added
from knowledge_base.adding import Shelf
from runtime.actor import Actor
from runtime.database import Database, speak_for
from runtime.errors import BadInput, CmisError
from runtime.jobs import JobContext, JobLost, Patience

SQL = Rows("source_arrivals")
TASK = "add_source"
STEP_S = 0.5


class ArrivalLost(CmisError):
    """The worker that read the file is gone, and its job with it."""

    code: ClassVar[str] = "arrival.lost"


class AddSourceTask:
    """The job's work. ``shelf`` opens the place of an agency (None: of all) in a login's name."""

    def __init__(
        self, database: Database, files: DocumentFiles, shelf: Callable[[str | None, str], Shelf]
    ) -> None:
        self._database = database
        self._files = files
        self._shelf = shelf

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Read one file and add it; done again after a death, it is in once."""
        actor = actor_of(self._database, payload["user_id"])
        with self._database.session(actor) as session:
            row = SQL.first(session, "get", id=payload["arrival_id"])
        if row is None or row["status"] not in ALIVE:
            return
        try:
            self._read(row, actor, context)
        except JobLost:
            raise  # the file belongs to another worker now
        except BadInput as error:
            self._refuse(row, actor, context, "refused", error)
        except Exception as error:
            if context.attempts + 1 >= Patience().max_attempts and not context.stopping():
                self._refuse(row, actor, context, "failed", error)
            raise

    def _read(self, row: Row, actor: Actor, context: JobContext) -> None:
        with self._files.open(row) as file:
            content = file.read()
        step = _Step(self._database, actor, row["id"], context)

        def within(session: Session, added: Added, fresh: bool) -> None:
            speak_for(session, actor)
            context.claim(session)
            found = warnings_of(session, added.source, actor.agency_id)
            told = [{"kind": w.kind, "count": w.count} for w in found]
            done = {"source_id": added.source, "known": not fresh, "warnings": told}
            end(session, self._files, row["id"], "done", found=done)

        place = self._shelf(row["agency_id"], row["login"])
        place.put(Path(row["file_name"]), content, step, within)

    def _refuse(
        self, row: Row, actor: Actor, context: JobContext, status: str, error: Exception
    ) -> None:
        known = error if isinstance(error, CmisError) else CmisError()
        with self._database.session(actor) as session:
            context.claim(session)
            end(session, self._files, row["id"], status, why=known)


class _Step:
    """Writes now and then how far a file is, and gives way to a stop."""

    def __init__(self, database: Database, actor: Actor, at: str, context: JobContext) -> None:
        self._database, self._actor, self._at, self._context = database, actor, at, context
        self._told = -STEP_S

    def __call__(self, share: float, _: str = "") -> None:
        self._context.give_way()
        if time.monotonic() - self._told < STEP_S:
            return
        with self._database.session(self._actor) as session:
            SQL.run(session, "step", id=self._at, percent=100 * min(share, 0.99))
        self._told = time.monotonic()


def end(
    session: Session,
    files: DocumentFiles,
    at: str,
    status: str,
    *,
    why: CmisError | None = None,
    found: Mapping[str, Any] | None = None,
) -> None:
    """The end of a file, in this transaction: its bytes go, the row stays."""
    found = found or {}
    SQL.run(
        session,
        "end",
        id=at,
        status=status,
        percent=100 if status == "done" else 0,
        source_id=found.get("source_id"),
        known=found.get("known", False),
        warnings=as_json(found.get("warnings", [])),
        error_code=why.code if why else None,
        details=as_json(why.details if why else {}),
    )
    files.drop(session, at)


def as_json(value: object) -> str:
    """A value as the database takes it."""
    return orjson.dumps(value, default=str).decode()
