"""What a draft run remembers while it lasts: parts to show, and a model's answers to go on from.

A worker that is killed leaves them behind; whoever takes the run up finds the answers and does not
ask again. Every write is its own short transaction; the end of the run empties them, and from then
on nothing is kept: a worker that has not yet heard of the end writes into the void.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

from sqlalchemy.orm import Session

from cases.rows import Row, Rows
from runtime.actor import Actor
from runtime.database import Database

ROWS = Rows("run_parts")
PART, ANSWER = "part", "answer"


class KeptAnswers(MutableMapping[str, str]):
    """A model's answers by the hash of their question, kept in the database as they come."""

    def __init__(self, database: Database, actor: Actor, run_id: str) -> None:
        self._database, self._actor, self._run_id = database, actor, run_id
        with database.session(actor) as session:
            self._known: dict[str, str] = {
                r["name"]: r["content"] for r in _rows(session, run_id, ANSWER)
            }

    def __getitem__(self, key: str) -> str:
        return self._known[key]

    def __setitem__(self, key: str, value: str) -> None:
        with self._database.session(self._actor) as session:
            _keep(session, self._run_id, ANSWER, key, value)
        self._known[key] = value

    def __delitem__(self, key: str) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def keep_part(session: Session, run_id: str, step: str, text: str) -> None:
    """A part of the draft that is ready to be read."""
    _keep(session, run_id, PART, step, text)


def parts(session: Session, run_id: str) -> dict[str, str]:
    """The parts that are ready, by step, in the order they came."""
    return {row["name"]: row["content"] for row in _rows(session, run_id, PART)}


def forget(session: Session, run_id: str) -> None:
    """Empty what a run remembers."""
    ROWS.run(session, "forget_parts", run_id=run_id)


def _keep(session: Session, run_id: str, kind: str, name: str, content: str) -> None:
    ROWS.run(session, "keep_part", run_id=run_id, kind=kind, name=name, content=content)


def _rows(session: Session, run_id: str, kind: str) -> list[Row]:
    return ROWS.rows(session, "parts", run_id=run_id, kind=kind)
