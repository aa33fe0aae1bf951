"""Hybrid search over the shared knowledge: the ranking of `ranking`, its vectors from PostgreSQL.

The lexical indexes live in memory and belong to one library. The vector index is approximate, so
a base that is small, and a question with a filter, are answered exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
from knowledge_base.reranker import READ, Reranker
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
    via: str | None = None  # the hit that refers to it


class Search:
    """Searches one loaded library."""

    def __init__(
        self,
        database: Database,
        library: Library,
        embedder: Embedder,
        reranker: Reranker | None = None,
    ) -> None:
        self._database = database
        self._model = embedder.name
        self._library = library
        self._reranker = reranker
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
        source: str | None = None,
    ) -> list[Hit]:
        """The ``k`` best entries, best first, of ``kinds``, in force on ``as_of``, of ``source``.

        Fused scores do not depend on the filter. Raises `QueryEmpty`, `KnowledgeNotLoaded` or
        `TooFewFound`.
        """
        if not query.strip():
            raise QueryEmpty
        wanted = [
            e.id
            for e in self._entries
            if (not kinds or e.kind in kinds)
            and (as_of is None or in_force(e, as_of))
            and (source is None or comes_from(e, source))
        ]
        ranking = self._ranker.rank(query, self._dense(self._vector(query), wanted))
        return self._reread(query, self._best_of(frozenset(wanted), ranking, k))[:k]

    def following(self, hits: Iterable[Hit], as_of: date | None = None) -> list[Hit]:
        """What the hits refer to and is not among them, each once, in their order."""
        hits = list(hits)
        found: dict[str, Hit] = {hit.id: hit for hit in hits}
        for hit in hits:
            own = self._library.entries.get(hit.id)
            for citation in own.see if own else ():
                entry = self._library.resolve(citation)
                if entry and entry.id not in found and (as_of is None or in_force(entry, as_of)):
                    found[entry.id] = _referred(entry, hit)
        return list(found.values())[len(hits) :]

    def _reread(self, query: str, hits: list[Hit]) -> list[Hit]:
        """The first hits in the cross-encoder's order, where one is set."""
        if self._reranker is None:
            return hits
        head = hits[:READ]
        scores = self._reranker.scores(query, [f"{h.title}\n{h.text}" for h in head])
        order = sorted(range(len(head)), key=lambda i: -scores[i])
        read = [_reread(head[i], scores[i]) for i in order]
        return read + hits[READ:]

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
        count = max(k, READ) if self._reranker else k
        if len(wanted) == len(self._entries):
            return [self._hit(row, ranking) for row in ranking.best(count)]
        order = ranking.best(len(self._entries))
        rows = [row for row in order if self._entries[row].id in wanted]
        return [self._hit(row, ranking) for row in rows[:count]]

    def _hit(self, row: int, ranking: Ranking) -> Hit:
        entry = self._entries[row]
        return Hit(
            id=entry.id,
            title=entry.title_th,
            kind=entry.kind.value,
            score=round(float(ranking.scores[row]), 4),
            text=self._ranker.chunk_of(row, ranking).body,
            source=_sources(entry),
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


def comes_from(entry: Entry, source: str) -> bool:
    """Whether an entry rests on a source: a register id, an act, or one of its sections."""
    named = (entry.id, *(s.ref for s in entry.sources))
    return any(ref == source or ref.startswith(f"{source}#") for ref in named)


def _sources(entry: Entry) -> str:
    return ", ".join(s.ref for s in entry.sources[:3])


def _referred(entry: Entry, hit: Hit) -> Hit:
    return Hit(
        id=entry.id,
        title=entry.title_th,
        kind=entry.kind.value,
        score=hit.score,
        text=entry.text_th,
        source=_sources(entry),
        legs={},
        via=hit.id,
    )


def _reread(hit: Hit, score: float) -> Hit:
    return hit.model_copy(update={"legs": {**hit.legs, "reread": round(score, 4)}})
