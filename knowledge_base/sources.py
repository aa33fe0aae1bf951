"""Documents an office added: where each comes from, and whether somebody has reviewed it.

Nothing of a source is cited before a person has accepted it. A rejected source stays on record
and is found by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from knowledge_base import source_repository as repository
from knowledge_base.entries import Frozen
from runtime.actor import Actor
from runtime.database import Database
from runtime.errors import NotFound

Review = Literal["waiting", "accepted", "rejected"]


class SourceUnknown(NotFound):
    """No such source, or it is another agency's. Details: ``source``."""

    code = "kb.source_unknown"


class AgencyUnknown(NotFound):
    """No such agency. Details: ``agency``."""

    code = "kb.agency_unknown"


class AddedSource(Frozen):
    """A document an office added. ``agency_id`` None: for everybody."""

    id: str
    agency_id: str | None
    title: str
    file_name: str
    sha256: str
    size_bytes: int
    media_type: str
    kind: Literal["statute", "document"]
    passages: int
    near_duplicate_of: str | None = None
    similarity: float | None = None
    added_by: str
    added_at: datetime
    review: Review = "waiting"
    reason: str = ""
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None


@contextmanager
def owning(database: Database, agency: str | None) -> Iterator[Session]:
    """A transaction of the tables' owner that sees shared rows and those of ``agency``.

    Raises `AgencyUnknown`.
    """
    with Session(database.owner_engine) as session, session.begin():
        repository.become(session, agency or "")
        if agency and not repository.agency_exists(session, agency):
            raise AgencyUnknown(agency=agency)
        yield session


def listed(database: Database, agency: str | None = None) -> list[AddedSource]:
    """The shared sources and those of ``agency``, the newest first."""
    with owning(database, agency) as session:
        return [AddedSource.model_validate(row) for row in repository.sources(session, agency)]


def visible(database: Database, actor: Actor) -> list[AddedSource]:
    """The sources ``actor`` may see, the newest first."""
    with database.session(actor) as session:
        rows = repository.sources(session, actor.agency_id)
        return [AddedSource.model_validate(row) for row in rows]


def review(
    database: Database,
    source: str,
    *,
    accept: bool,
    by: str,
    reason: str = "",
    agency: str | None = None,
) -> AddedSource:
    """Accept or reject a source in the name of ``by``; raises `SourceUnknown`."""
    decision: Review = "accepted" if accept else "rejected"
    with owning(database, agency) as session:
        row = repository.review(session, source, agency, decision, by, reason)
        if row is None:
            raise SourceUnknown(source=source)
        return AddedSource.model_validate(row)


def remove(database: Database, source: str, agency: str | None = None) -> None:
    """Take a source out with its passages and vectors; raises `SourceUnknown`."""
    with owning(database, agency) as session:
        if not repository.remove(session, source, agency):
            raise SourceUnknown(source=source)
