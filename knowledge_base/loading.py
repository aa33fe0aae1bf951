"""Brings the database to the state of the files: one transaction, only changed chunks embedded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from knowledge_base import repository
from knowledge_base.chunking import Chunk, chunks, item_of
from knowledge_base.embedder import Embedder
from knowledge_base.entries import Frozen
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import Library
from runtime.database import Database

Progress = Callable[[float, str], None]


class LoadReport(Frozen):
    """What a load did. ``entries`` counts by kind."""

    entries: dict[str, int]
    chunks: int
    embedded: int
    reused: int
    removed: int
    version: str
    model: str

    def to_json(self) -> dict[str, Any]:
        """The document of ``cmis kb load --json``."""
        return self.model_dump()


def chunks_of(library: Library) -> list[Chunk]:
    """Everything a load stores, in the order of the entries."""
    return [c for e in library.entries.values() for c in chunks(item_of(e))]


def is_loaded(database: Database, library: Library, embedder: Embedder) -> bool:
    """Whether this very library is loaded with this very model."""
    with database.session() as session:
        return repository.last_load(session) == (library.version, embedder.name)


def load(
    database: Database,
    library: Library,
    embedder: Embedder,
    progress: Progress | None = None,
    kept: KeptVectors | None = None,
) -> LoadReport:
    """Load the library; a second load of the same files embeds nothing.

    ``kept`` supplies vectors that another database of this machine embedded before.
    """
    wanted = chunks_of(library)
    with Session(database.owner_engine) as session, session.begin():
        stored = repository.chunk_hashes(session, embedder.name)
        fresh = [c for c in wanted if stored.get((c.entry_id, c.ordinal)) != c.content_hash]
        stale = sorted(set(stored) - {(c.entry_id, c.ordinal) for c in wanted})
        if kept:
            vectors = kept.of(fresh, embedder, progress)
        else:
            vectors = embedder.passages([c.text for c in fresh], progress)
        repository.put_entries(session, library.entries.values())
        repository.put_chunks(session, embedder.name, fresh, vectors)
        repository.drop_others(session, embedder.name, list(library.entries), stale)
        repository.note_load(
            session, library.version, embedder.name, len(library.entries), len(wanted)
        )
    return LoadReport(
        entries=dict(Counter(e.kind.value for e in library.entries.values())),
        chunks=len(wanted),
        embedded=len(fresh),
        reused=len(wanted) - len(fresh),
        removed=len(stale),
        version=library.version,
        model=embedder.name,
    )
