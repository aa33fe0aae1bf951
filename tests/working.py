"""An office in a test's own process: its worker, its database, its models, its end."""

from __future__ import annotations

from sqlalchemy import text

from commands.wiring import Wiring
from runtime.embedded import Addresses
from runtime.settings import Settings

SHARED = ("library", "embedder", "embedder_or_none", "coder", "listener")
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


def settings_of(settings: Settings, addresses: Addresses) -> Settings:
    """The same settings over another database."""
    found = {
        "database_url": addresses.app_url,
        "database_owner_url": addresses.owner_url,
    }
    return settings.model_copy(update=found)


def share(opened: Wiring, other: Wiring) -> None:
    """Give another office the parts that take long to open and know no case."""
    vars(other).update({part: getattr(opened, part) for part in SHARED})


def let_go(wiring: Wiring) -> None:
    """Close the parts of an office that lasted for a while.

    The process holds every wiring to its end, so they are taken out of it.
    """
    wiring.close()
    vars(wiring).clear()
