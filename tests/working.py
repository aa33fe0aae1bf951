"""A worker that runs until nothing is left to do."""

from __future__ import annotations

from sqlalchemy import text

from commands.wiring import Wiring

DUE = text(
    "SELECT count(*) FROM procrastinate_jobs"
    " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)


def work(wiring: Wiring) -> None:
    """Run every waiting job, also those that wait for one another."""
    wiring.worker().run(wait=False)
    while _due(wiring):
        wiring.worker().run(wait=False)


def _due(wiring: Wiring) -> int:
    with wiring.database.session() as session:
        return int(session.scalar(DUE) or 0)


def let_go(wiring: Wiring) -> None:
    """Close the parts of an office that lasted for a while.

    The process holds every wiring to its end, so they are taken out of it.
    """
    wiring.close()
    vars(wiring).clear()
