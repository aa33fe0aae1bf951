"""Which chunks of the shared knowledge stand nearest to a question.

A base of ordinary size is compared exactly, in memory beside the lexical indexes: half a
millisecond and nothing lost. A large one stays in PostgreSQL, where its HNSW index serves it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np
from sqlalchemy.orm import Session

from knowledge_base import repository
from knowledge_base.chunking import Chunk
from knowledge_base.fusion import Scores
from knowledge_base.ranking import DEPTH, nearest_only
from runtime.database import Database
from runtime.errors import PartMissing

SMALL = 20_000


class KnowledgeNotLoaded(PartMissing):
    """The database holds no knowledge for this model."""

    code = "search.not_loaded"


class TooFewFound(PartMissing):
    """Fewer chunks came back than the database holds."""

    code = "search.too_few"


class SharedVectors:
    """The stored vectors of a fixed list of chunks."""

    def __init__(self, database: Database, model: str, chunks: Sequence[Chunk]) -> None:
        self._database = database
        self._model = model
        self._chunks = chunks
        self._rows = {(c.entry_id, c.ordinal): row for row, c in enumerate(chunks)}
        self._lock = threading.Lock()
        self._held: Scores | None = None

    def products(self, query: Scores, allowed: Collection[str] | None = None) -> Scores:
        """Inner products ``(chunks,)`` of the `DEPTH` nearest, NaN for the rest.

        With ``allowed``, entry ids, also those of the nearest among them. Raises
        `KnowledgeNotLoaded` or `TooFewFound`.
        """
        if len(self._chunks) > SMALL:
            return self._by_index(query, allowed)
        every: Scores = self._in_memory() @ query
        found = nearest_only(every)
        if allowed is not None:
            ours = np.array([c.entry_id in allowed for c in self._chunks])
            among = nearest_only(np.where(ours, every, np.float32(np.nan)))
            found = np.where(np.isnan(found), among, found)
        return found

    def _in_memory(self) -> Scores:
        """Vectors ``(chunks, dimension)``; NaN where the database has no vector of that text."""
        with self._lock:
            if self._held is not None:
                return self._held
            with self._database.session() as session:
                stored = repository.vectors(session, self._model)
            if not stored:
                raise KnowledgeNotLoaded
            made: Scores = np.full((len(self._chunks), len(stored[0].vector)), np.nan, np.float32)
            for s in stored:
                row = self._rows.get((s.entry_id, s.ordinal))
                if row is not None and self._chunks[row].content_hash == s.content_hash:
                    made[row] = s.vector
            if not np.isnan(made).any():
                self._held = made
            return made

    def _by_index(self, query: Scores, allowed: Collection[str] | None) -> Scores:
        with self._database.session() as session:
            near = repository.nearest(session, self._model, query, DEPTH, exact=False)
            if len(near) < DEPTH:
                self._refuse_loss(session, len(near))
            if near and allowed is not None:
                near += repository.nearest_of(session, self._model, query, DEPTH, [*allowed])
        scores: Scores = np.full(len(self._rows), np.nan, np.float32)
        for n in near:
            row = self._rows.get((n.entry_id, n.ordinal))
            if row is not None:
                scores[row] = n.score
        return scores

    def _refuse_loss(self, session: Session, found: int) -> None:
        held = repository.count_chunks(session, self._model)
        if not held:
            raise KnowledgeNotLoaded
        if found < min(held, DEPTH):
            raise TooFewFound
