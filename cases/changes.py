"""Changes of cases as they are committed, for boards that show them within a second.

One thread of a process listens for all its boards, on a connection of its own, and only while
there is a board. What a notice holds is an id; a board reads the row in its own person's name.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.exc import SQLAlchemyError

from cases.people import Person
from cases.rows import Rows
from runtime.database import Database

log = structlog.get_logger("cases.changes")
SQL = Rows("changes")
WAIT_S, RETRY_S, MOST_WAITING = 0.5, 1.0, 1000
Board = tuple[asyncio.AbstractEventLoop, "asyncio.Queue[str]"]


class Changes:
    """Tells boards which cases changed."""

    channel = "cmis_cases"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._boards: set[Board] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    async def of(self, person: Person) -> AsyncIterator[dict[str, Any]]:
        """Rows of cases that changed, as this person may see them; without an end."""
        with self._board() as waiting:
            while True:
                notice = await waiting.get()
                row = await asyncio.to_thread(self.row, person, notice)
                if row is not None:
                    yield row

    def row(self, person: Person, notice: str) -> dict[str, Any] | None:
        """A case as a list shows it; None for a case this person may not see."""
        with self._database.session(person.actor) as session:
            return SQL.first(session, "case_row", id=notice)

    @contextmanager
    def _board(self) -> Iterator[asyncio.Queue[str]]:
        board = (asyncio.get_running_loop(), asyncio.Queue[str](MOST_WAITING))
        with self._lock:
            self._boards.add(board)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, daemon=True)
                self._thread.start()
        try:
            yield board[1]
        finally:
            with self._lock:
                self._boards.discard(board)

    def _listen(self) -> None:
        while True:
            try:
                self._hear()
            except (psycopg.Error, SQLAlchemyError) as error:
                log.warning("listening_again", kind=type(error).__name__)
                threading.Event().wait(RETRY_S)
            with self._lock:
                if not self._boards:
                    self._thread = None
                    return

    def _hear(self) -> None:
        """Pass notices on until no board is left."""
        pooled = self._database.engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        assert isinstance(connection, psycopg.Connection)  # noqa: S101
        with connection:
            connection.autocommit = True
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
            while self._boards:
                for notice in connection.notifies(timeout=WAIT_S):
                    self._tell(notice.payload)

    def _tell(self, notice: str) -> None:
        with self._lock:
            boards = list(self._boards)
        for loop, waiting in boards:
            if not waiting.full() and not loop.is_closed():
                loop.call_soon_threadsafe(waiting.put_nowait, notice)
