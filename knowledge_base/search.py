"""Hybrid search over the shared knowledge: dense, words and 3-grams, each leg on its own, fused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache

import numpy as np
from sqlalchemy.orm import Session

from knowledge_base import repository
from knowledge_base.chunking import chunks
from knowledge_base.embedder import Embedder
from knowledge_base.entries import Entry, Frozen, Kind
from knowledge_base.fusion import Scores, fused
from knowledge_base.lexical import Lexical
from knowledge_base.library import Library
from knowledge_base.words import trigrams, words
from runtime.database import Database
from runtime.errors import BadInput, PartMissing

DEPTH = 200


class QueryEmpty(BadInput):
    """Nothing to search for."""

    code = "search.query_empty"


class KnowledgeNotLoaded(PartMissing):
    """The database holds no knowledge for this model."""

    code = "search.not_loaded"


class TooFewFound(PartMissing):
    """The vector index gave fewer rows than there are."""

    code = "search.too_few"


class Hit(Frozen):
    """One entry found. ``legs`` are its normalised scores before fusion."""

    id: str
    title: str
    kind: str
    score: float
    text: str
    source: str
    legs: dict[str, float]


class Search:
    """Searches one loaded library. The lexical indexes live in memory, built on first use."""

    def __init__(self, database: Database, library: Library, embedder: Embedder) -> None:
        self._database = database
        self._library = library
        self._embedder = embedder
        self._chunks = [c for e in library.entries.values() for c in chunks(e)]
        self._rows = {(c.entry_id, c.ordinal): i for i, c in enumerate(self._chunks)}
        self._lock = threading.Lock()
        self._legs: dict[str, Lexical] = {}
        self._vector = lru_cache(maxsize=2048)(embedder.query)

    def find(
        self,
        query: str,
        k: int = 10,
        kinds: Collection[Kind] | None = None,
        as_of: date | None = None,
    ) -> list[Hit]:
        """The ``k`` best entries, best first; filters never let one leg hide another's finding.

        Raises `QueryEmpty`, `KnowledgeNotLoaded` or `TooFewFound`.
        """
        if not query.strip():
            raise QueryEmpty
        legs = {"dense": self._dense(query)} | {
            name: leg.scores(query) for name, leg in self._lexical().items()
        }
        score = fused(legs)
        return self._best(score, legs, k, lambda e: _visible(e, kinds, as_of))

    def _best(
        self, score: Scores, legs: Mapping[str, Scores], k: int, wanted: Callable[[Entry], bool]
    ) -> list[Hit]:
        found: dict[str, Hit] = {}
        for row in np.argsort(-score, kind="stable"):
            chunk = self._chunks[row]
            entry = self._library.entries[chunk.entry_id]
            if chunk.entry_id in found or not wanted(entry):
                continue
            found[entry.id] = Hit(
                id=entry.id,
                title=entry.title_th,
                kind=entry.kind.value,
                score=float(score[row]),
                text=chunk.text.split("\n", 1)[-1],
                source=", ".join(s.ref for s in entry.sources[:3]),
                legs={name: round(float(scores[row]), 4) for name, scores in legs.items()},
            )
            if len(found) == k:
                break
        return list(found.values())

    def _dense(self, query: str) -> Scores:
        vector = self._vector(query)
        with self._database.session() as session:
            model = self._embedder.name
            near = repository.nearest(
                session, model, vector, min(DEPTH, len(self._chunks)), exact=False
            )
            if len(near) < min(DEPTH, len(self._chunks)):
                near = self._exactly(session, model, vector)
        floor = min(n.score for n in near)
        scores = np.full(len(self._chunks), floor, np.float32)
        for n in near:
            row = self._rows.get((n.entry_id, n.ordinal))
            if row is not None:
                scores[row] = n.score
        return scores

    def _exactly(self, session: Session, model: str, vector: Scores) -> list[repository.Near]:
        if not repository.count_chunks(session, model):
            raise KnowledgeNotLoaded
        wanted = min(DEPTH, len(self._chunks))
        near = repository.nearest(session, model, vector, wanted, exact=True)
        if len(near) < wanted:
            raise TooFewFound
        return near

    def _lexical(self) -> dict[str, Lexical]:
        with self._lock:
            if not self._legs:
                texts = [c.text for c in self._chunks]
                self._legs = {"words": Lexical(texts, words), "trigrams": Lexical(texts, trigrams)}
        return self._legs


def _visible(entry: Entry, kinds: Collection[Kind] | None, as_of: date | None) -> bool:
    if kinds and entry.kind not in kinds:
        return False
    if as_of is None:
        return True
    begun = entry.effective_from is None or entry.effective_from <= as_of
    return begun and (entry.effective_to is None or as_of <= entry.effective_to)
