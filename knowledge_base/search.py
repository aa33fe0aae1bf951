"""Hybrid search over the shared knowledge: the ranking of `ranking`, its vectors from PostgreSQL.

The lexical indexes live in memory and belong to one library. The vector index is approximate, so
a base that is small, and a question with a filter, are answered exactly.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache

import numpy as np
from sqlalchemy.orm import Session

from knowledge_base import repository
from knowledge_base.chunking import item_of
from knowledge_base.embedder import Embedder
from knowledge_base.entries import Entry, Frozen, Kind
from knowledge_base.fusion import Scores
from knowledge_base.library import Library
from knowledge_base.ranking import DEPTH, Ranker, Ranking
from runtime.database import Database
from runtime.errors import BadInput, PartMissing

SMALL = 2000


class QueryEmpty(BadInput):
    """Nothing to search for."""

    code = "search.query_empty"


class KnowledgeNotLoaded(PartMissing):
    """The database holds no knowledge for this model."""

    code = "search.not_loaded"


class TooFewFound(PartMissing):
    """Fewer chunks came back than the database holds."""

    code = "search.too_few"


class Hit(Frozen):
    """One entry found. ``legs``: normalised scores before fusion."""

    id: str
    title: str
    kind: str
    score: float
    text: str
    source: str
    legs: dict[str, float]
    review: str | None = None  # of an added document: accepted, or waiting and not to be cited
    official: bool = False  # the text is the law's own
    page: int | None = None


class Search:
    """Searches one loaded library."""

    def __init__(self, database: Database, library: Library, embedder: Embedder) -> None:
        self._database = database
        self._model = embedder.name
        self._entries = tuple(library.entries.values())
        self._ranker = Ranker([item_of(e) for e in self._entries])
        self._rows = {(c.entry_id, c.ordinal): i for i, c in enumerate(self._ranker.chunks)}
        self._vector = lru_cache(maxsize=2048)(embedder.query)

    def find(
        self,
        query: str,
        k: int = 10,
        kinds: Collection[Kind] | None = None,
        as_of: date | None = None,
    ) -> list[Hit]:
        """The ``k`` best entries, best first, of ``kinds`` and in force on ``as_of``.

        Scores do not depend on the filter. Raises `QueryEmpty`, `KnowledgeNotLoaded` or
        `TooFewFound`.
        """
        if not query.strip():
            raise QueryEmpty
        wanted = [
            e.id
            for e in self._entries
            if (not kinds or e.kind in kinds) and (as_of is None or in_force(e, as_of))
        ]
        ranking = self._ranker.rank(query, self._dense(self._vector(query), wanted))
        if len(wanted) == len(self._entries):
            return [self._hit(row, ranking) for row in ranking.best(k)]
        return self._best_of(frozenset(wanted), ranking, k)

    @property
    def ranker(self) -> Ranker:
        """What ranks the library's entries."""
        return self._ranker

    def vector(self, query: str) -> Scores:
        """The query's vector."""
        return self._vector(query)

    def products(self, query: str) -> Scores:
        """Inner products of the query with the library's nearest chunks, NaN for the rest."""
        return self._dense(self._vector(query), [e.id for e in self._entries])

    def _best_of(self, wanted: frozenset[str], ranking: Ranking, k: int) -> list[Hit]:
        order = ranking.best(len(self._entries))
        rows = [row for row in order if self._entries[row].id in wanted]
        return [self._hit(row, ranking) for row in rows[:k]]

    def _hit(self, row: int, ranking: Ranking) -> Hit:
        entry = self._entries[row]
        return Hit(
            id=entry.id,
            title=entry.title_th,
            kind=entry.kind.value,
            score=round(float(ranking.scores[row]), 4),
            text=self._ranker.chunk_of(row, ranking).body,
            source=", ".join(s.ref for s in entry.sources[:3]),
            legs={name: round(float(leg[row]), 4) for name, leg in ranking.legs.items()},
        )

    def _dense(self, vector: Scores, wanted: list[str]) -> Scores:
        """Inner products by chunk: the nearest of all, and the nearest the filter lets through."""
        with self._database.session() as session:
            near = self._nearest(session, vector)
            if near and len(wanted) < len(self._entries):
                near += repository.nearest_of(session, self._model, vector, DEPTH, wanted)
        scores: Scores = np.full(len(self._rows), np.nan, np.float32)
        for n in near:
            row = self._rows.get((n.entry_id, n.ordinal))
            if row is not None:
                scores[row] = n.score
        return scores

    def _nearest(self, session: Session, vector: Scores) -> list[repository.Near]:
        depth = min(DEPTH, len(self._rows))
        exact = len(self._rows) <= SMALL
        near = repository.nearest(session, self._model, vector, depth, exact=exact)
        if len(near) < depth:
            self._refuse_loss(session, len(near))
        return near

    def _refuse_loss(self, session: Session, found: int) -> None:
        held = repository.count_chunks(session, self._model)
        if not held:
            raise KnowledgeNotLoaded
        if found < min(held, DEPTH):
            raise TooFewFound


def in_force(entry: Entry, day: date) -> bool:
    """Whether an entry holds on a day; no date means no bound."""
    begun = entry.effective_from is None or entry.effective_from <= day
    return begun and (entry.effective_to is None or day <= entry.effective_to)
