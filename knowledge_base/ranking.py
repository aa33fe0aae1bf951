"""The ranking itself, over any list of items: what search and its evaluation have in common.

Three legs look at every item on their own and none filters another: the nearest vectors, BM25 by
words, BM25 by character 3-grams. A fourth speaks only when the question names a section number.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knowledge_base.chunking import Chunk, Item, chunks
from knowledge_base.fusion import Scores, anchored, fused, normalised, weighted
from knowledge_base.lexical import Lexical
from knowledge_base.references import named_sections
from knowledge_base.words import trigrams, words

DEPTH = 200
LEAST = 1e-9


@dataclass(frozen=True)
class Ranking:
    """Scores ``(items,)`` of one question, whole and by leg, and inner products ``(chunks,)``.

    ``coverage``: by lexical leg the best score as a share of what the question could attain.
    """

    scores: Scores
    legs: Mapping[str, Scores]
    nearest: Scores
    coverage: Mapping[str, float] = field(default_factory=dict)

    def best(self, count: int) -> list[int]:
        """Rows of the ``count`` best items, best first; ties in the order of the items."""
        count = min(count, len(self.scores))
        if not count:
            return []
        edge = np.partition(self.scores, -count)[-count]
        rows = np.flatnonzero(self.scores >= edge)
        order = rows[np.argsort(-self.scores[rows], kind="stable")]
        return [int(row) for row in order[:count]]


class Ranker:
    """Ranks a fixed list of items. The lexical indexes are built on first use."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        cut = [chunks(item) for item in self.items]
        self.chunks: tuple[Chunk, ...] = tuple(c for parts in cut for c in parts)
        self._first = np.cumsum([0, *(len(parts) for parts in cut[:-1])])
        self._lock = threading.Lock()
        self._lexical: dict[str, Lexical] = {}

    def rank(self, query: str, dense: Scores) -> Ranking:
        """Rank by ``dense``, inner products ``(chunks,)`` with NaN where unknown, and the words.

        The nearest `DEPTH` chunks span the dense leg's scale, so it does not matter how many
        more are known.
        """
        if not self.items:
            nothing: Scores = np.zeros(0, np.float32)
            return Ranking(nothing, {}, nothing)
        legs, best = {"dense": self._dense(dense)}, {}
        for name, leg in self._indexes().items():
            scores = leg.scores(query)
            legs[name], best[name] = normalised(scores), float(scores.max())
        named = named_sections(query)
        if named:
            legs["sections"] = self._naming(named)
        coverage = self.coverage(query, best)
        return Ranking(fused(legs, weighted(coverage)), legs, dense, coverage)

    def coverage(self, query: str, best: Mapping[str, float]) -> dict[str, float]:
        """By lexical leg the ``best`` score as a share of what the query could attain, 0–1."""
        return {
            name: best.get(name, 0.0) / max(leg.attainable(query), LEAST)
            for name, leg in self._indexes().items()
        }

    def scales(self, query: str, dense: Scores) -> dict[str, tuple[float, float]]:
        """What counts as nothing and as the best in each leg, before scores are normalised."""
        known = np.sort(dense[~np.isnan(dense)])[-DEPTH:]
        found = {"dense": (float(known[0]), float(known[-1]))} if len(known) else {}
        for name, leg in self._indexes().items():
            scores = leg.scores(query)
            found[name] = (float(scores.min(initial=0.0)), float(scores.max(initial=0.0)))
        return found

    @property
    def lexical(self) -> Mapping[str, Lexical]:
        """The lexical legs by name."""
        return self._indexes()

    def chunk_of(self, row: int, ranking: Ranking) -> Chunk:
        """The passage of an item that stands nearest to the question."""
        parts = slice(int(self._first[row]), self._end(row))
        if parts.stop - parts.start == 1:
            return self.chunks[parts.start]
        known = np.nan_to_num(ranking.nearest[parts], nan=-np.inf)
        return self.chunks[parts][int(known.argmax())]

    def _end(self, row: int) -> int:
        return int(self._first[row + 1]) if row + 1 < len(self._first) else len(self.chunks)

    def _dense(self, dense: Scores) -> Scores:
        known = dense[~np.isnan(dense)]
        if not len(known):
            return np.zeros(len(self.items), np.float32)
        depth = min(DEPTH, len(known))
        low = float(np.partition(known, -depth)[-depth])
        best: Scores = np.fmax.reduceat(dense, self._first)
        return anchored(best, low, float(known.max()))

    def _naming(self, named: frozenset[str]) -> Scores:
        return np.array([not named.isdisjoint(i.sections) for i in self.items], np.float32)

    def _indexes(self) -> Mapping[str, Lexical]:
        with self._lock:
            if not self._lexical:
                texts = [item.whole for item in self.items]
                self._lexical = {
                    "words": Lexical(texts, words),
                    "trigrams": Lexical(texts, trigrams),
                }
        return self._lexical


def nearest_only(dense: Scores, depth: int = DEPTH) -> Scores:
    """Inner products as a vector index gives them: the ``depth`` largest, NaN for the rest."""
    if len(dense) <= depth:
        return dense
    kept: Scores = np.full_like(dense, np.nan)
    rows = np.argpartition(-dense, depth)[:depth]  # NaN sorts last
    kept[rows] = dense[rows]
    return kept
