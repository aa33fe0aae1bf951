"""Documents that people send to become knowledge: kept sealed until a worker has read them.

What need not be read to be refused is refused at once, with the sentence the command line has.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, ClassVar, NamedTuple

from sqlalchemy.orm import Session

from cases import repository
from cases.document_files import DocumentFiles
from cases.job_runs import is_lost
from cases.lately import KEEPERS
from cases.people import Person
from cases.rows import Row
from cases.source_adding import SQL, TASK, ArrivalLost, as_json, end
from knowledge_base.adding import fits
from knowledge_base.reading_errors import FileEmpty
from runtime.database import Database
from runtime.errors import BadInput, Forbidden
from runtime.jobs import defer
from runtime.messages import LANGUAGES, sentence
from runtime.virus_scan import Scanner

MOST_FILES = 10
SHOWN = 30
NAME_LIMIT = 200


class TooManyFiles(BadInput):
    """More files than are taken at once. Details: ``limit``."""

    code: ClassVar[str] = "arrival.too_many"


class Sent(NamedTuple):
    """A file as it came; of one over the limit ``content`` holds the beginning alone."""

    name: str
    content: BinaryIO
    size: int


class SourceArrivals:
    """Takes documents and tells what became of them."""

    def __init__(
        self, database: Database, files: DocumentFiles, scanner: Scanner, most_mb: float
    ) -> None:
        self._database = database
        self._files = files
        self._scanner = scanner
        self._most_mb = most_mb

    def may_send(self, person: Person, *, shared: bool) -> None:
        """Raise `Forbidden` unless this person adds documents for everybody, or their agency."""
        if person.role not in KEEPERS or (shared and person.role != "administrator"):
            raise Forbidden

    def send(self, person: Person, sent: Sequence[Sent], *, shared: bool) -> list[Row]:
        """Keep the files for the worker; those refused at once are told so.

        Raises `Forbidden`, `TooManyFiles`, `ScannerAbsent` (then no file is kept).
        """
        self.may_send(person, shared=shared)
        if len(sent) > MOST_FILES:
            raise TooManyFiles(limit=MOST_FILES)
        agency = None if shared else person.agency_id
        rows = [self._taken(one) | {"agency_id": agency, "who": person.id} for one in sent]
        for row, one in zip(rows, sent, strict=True):
            if row["status"] == "queued":
                self._files.put(row, one.content)
        with self._database.session(person.actor) as session:
            for row in rows:
                self._add(session, row)
            return [_one(session, row["id"]) for row in rows]

    def listed(self, person: Person) -> list[Row]:
        """The newest files on their way or at their end; raises `Forbidden`."""
        self.may_send(person, shared=False)
        with self._database.session(person.actor) as session:
            found = SQL.rows(session, "told", id=None, limit=SHOWN)
            return [_told(_settled(session, self._files, row)) for row in found]

    def _taken(self, one: Sent) -> Row:
        row: Row = {
            "id": repository.new_id(),
            "file_name": _plain(one.name),
            "size_bytes": one.size,
            "salt": secrets.token_bytes(32),
            "status": "queued",
            "error_code": None,
            "details": "{}",
        }
        try:
            fits(row["file_name"], one.size, self._most_mb)
            if not one.size:
                raise FileEmpty(file=row["file_name"])
            self._scanner.scan(one.content)
        except BadInput as error:
            refused = {"status": "refused", "salt": None, "error_code": error.code}
            return row | refused | {"details": as_json(error.details)}
        return row

    def _add(self, session: Session, row: Row) -> None:
        SQL.run(session, "add", **row)
        if row["status"] != "queued":
            return
        self._files.keep(session, row)
        # One document of the office at a time: what is nearly the same is seen, hands stay free.
        payload = {"arrival_id": row["id"], "user_id": row["who"]}
        SQL.run(session, "job", id=row["id"], job_id=defer(session, TASK, payload, lock=TASK))


def _settled(session: Session, files: DocumentFiles, row: Row) -> Row:
    """The file; ended as failed when its job is over although nobody ended it."""
    if not is_lost(session, row):
        return row
    end(session, files, row["id"], "failed", why=ArrivalLost())
    return SQL.rows(session, "told", id=row["id"], limit=1)[0]


def _one(session: Session, at: str) -> Row:
    return _told(SQL.rows(session, "told", id=at, limit=1)[0])


def _told(row: Row) -> Row:
    """The row with the sentences of a refusal."""
    code = row["error_code"]
    if code is None:
        return row | {"refusal": None}
    said = {f"message_{lang}": sentence(code, lang, **row["details"]) for lang in LANGUAGES}
    return row | {"refusal": {"code": code, **said}}


def _plain(name: str) -> str:
    return Path(name.replace("\0", "").replace("\\", "/")).name[-NAME_LIMIT:] or "-"
