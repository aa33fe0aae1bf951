"""BM25 over one list of texts, by words and by character 3-grams (bm25s).

A statute's long section is long because it says more, not because it repeats itself, so length
counts little (``b``) and repetition soon stops counting (``k1``): docs/decisions/0003.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import bm25s
import numpy as np
from numpy.typing import NDArray

K1 = 0.6
B = 0.2
Split = Callable[[str], list[str]]


class Lexical:
    """A BM25 index. Scores are for every text, in the order given."""

    def __init__(self, texts: Sequence[str], split: Split, *, k1: float = K1, b: float = B):
        self._split = lru_cache(maxsize=64)(split)
        self._size = len(texts)
        self.mean_length = 0.0
        self._index = bm25s.BM25(k1=k1, b=b, method="lucene")
        self._known: set[str] = set()
        self._rare: list[float] = []
        if texts:
            corpus = [split(t) or ["\0"] for t in texts]
            self.mean_length = sum(map(len, corpus)) / len(corpus)
            self._known = {token for tokens in corpus for token in tokens}
            self._index.index(corpus, show_progress=False)
            held = np.diff(self._index.scores["indptr"]).astype(np.float64)
            self._rare = np.log(1 + (self._size - held + 0.5) / (held + 0.5)).tolist()

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 scores ``(n,)``; zeros when no token of the query is known."""
        tokens = [t for t in self._split(query) if t in self._known]
        if not tokens:
            return np.zeros(self._size, np.float32)
        return self._summed([self._index.vocab_dict[t] for t in tokens])

    def _summed(self, columns: Sequence[int]) -> NDArray[np.float32]:
        """The sum of the index's columns, read in one go."""
        held = self._index.scores
        spans = [slice(held["indptr"][c], held["indptr"][c + 1]) for c in columns]
        rows = np.concatenate([held["indices"][s] for s in spans])
        found = np.concatenate([held["data"][s] for s in spans])
        return np.bincount(rows, found, self._size).astype(np.float32)

    def rarity(self, query: str) -> dict[str, float]:
        """Each token of the query, its inverse document frequency here for each time it stands."""
        unknown = math.log(1 + (self._size + 0.5) / 0.5)
        found: dict[str, float] = {}
        for token in self._split(query):
            known = token in self._known
            rare = self._rare[self._index.vocab_dict[token]] if known else unknown
            found[token] = found.get(token, 0.0) + rare
        return found

    def attainable(self, query: str) -> float:
        """The score of a text that holds every token of the query without end."""
        return sum(self.rarity(query).values())
