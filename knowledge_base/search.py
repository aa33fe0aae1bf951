"""Hybrid search over the shared knowledge: the ranking of `ranking`, its vectors from PostgreSQL.

The lexical indexes live in memory and belong to one library, and so do the vectors of a base of
ordinary size. A filter is answered exactly, whatever the size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

from knowledge_base.chunking import item_of
from knowledge_base.embedder import Embedder
from knowledge_base.entries import Entry, Frozen, Kind
from knowledge_base.fusion import Scores
from knowledge_base.library import Library
from knowledge_base.ranking import Ranker, Ranking
from knowledge_base.reranker import READ, Reranker
from knowledge_base.shared_vectors import SharedVectors
from runtime.database import Database
from runtime.errors import BadInput


class QueryEmpty(BadInput):
    """Nothing to search for."""

    code = "search.query_empty"


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
        self._library = library
        self._reranker = reranker
        self._entries = tuple(library.entries.values())
        self._ranker = Ranker([item_of(e) for e in self._entries])
        self._vectors = SharedVectors(database, embedder.name, self._ranker.chunks)
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
        allowed = self._allowed(kinds, as_of, source)
        ranking = self._ranker.rank(query, self._vectors.products(self._vector(query), allowed))
        return self._reread(query, self._best_of(allowed, ranking, k))[:k]

    def following(self, hits: Iterable[Hit], as_of: date | None = None) -> list[Hit]:
        """What the hits refer to and is not among them, each once, in their order."""
        hits = list(hits)
        found: dict[str, Hit] = {hit.id: hit for hit in hits}
        for hit in hits:
            own = self._library.entries.get(hit.id)
            for citation in own.see if own else ():
                entry = self._library.resolve(citation)
                if entry and entry.id not in found and (as_of is None or entry.holds(as_of)):
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
        return self._vectors.products(self._vector(query))

    def _allowed(
        self, kinds: Collection[Kind] | None, as_of: date | None, source: str | None
    ) -> frozenset[str] | None:
        """Ids the filter lets through; None without a filter."""
        if not kinds and as_of is None and source is None:
            return None
        return frozenset(
            e.id
            for e in self._entries
            if (not kinds or e.kind in kinds)
            and (as_of is None or e.holds(as_of))
            and (source is None or comes_from(e, source))
        )

    def _best_of(self, allowed: frozenset[str] | None, ranking: Ranking, k: int) -> list[Hit]:
        count = max(k, READ) if self._reranker else k
        if allowed is None:
            return [self._hit(row, ranking) for row in ranking.best(count)]
        order = ranking.best(len(self._entries))
        rows = [row for row in order if self._entries[row].id in allowed]
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
