"""BM25 over one list of texts, by words and by character 3-grams (bm25s).

A statute's long section is long because it says more, not because it repeats itself, so length
counts little (``b``) and repetition soon stops counting (``k1``): docs/decisions/0003.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

K1 = 0.6
B = 0.2
Split = Callable[[str], list[str]]


class Lexical:
    """A BM25 index. Scores are for every text, in the order given."""

    def __init__(self, texts: Sequence[str], split: Split, *, k1: float = K1, b: float = B):
        self._split = split
        self._size = len(texts)
        self.mean_length = 0.0
        self._index = bm25s.BM25(k1=k1, b=b, method="lucene")
        self._known: set[str] = set()
        if texts:
            corpus = [split(t) or ["\0"] for t in texts]
            self.mean_length = sum(map(len, corpus)) / len(corpus)
            self._known = {token for tokens in corpus for token in tokens}
            self._index.index(corpus, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 scores ``(n,)``; zeros when no token of the query is known."""
        tokens = [t for t in self._split(query) if t in self._known]
        if not tokens:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._index.get_scores(tokens), np.float32)

    def rarity(self, query: str) -> dict[str, float]:
        """Each token of the query, its inverse document frequency here for each time it stands."""
        found: dict[str, float] = {}
        for token in self._split(query):
            held = self._held(token)
            rare = math.log(1 + (self._size - held + 0.5) / (held + 0.5))
            found[token] = found.get(token, 0.0) + rare
        return found

    def attainable(self, query: str) -> float:
        """The score of a text that holds every token of the query without end."""
        return sum(self.rarity(query).values())

    def _held(self, token: str) -> int:
        """How many texts hold a token."""
        if token not in self._known:
            return 0
        column = self._index.vocab_dict[token]
        starts = self._index.scores["indptr"]
        return int(starts[column + 1] - starts[column])
