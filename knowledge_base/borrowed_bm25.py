"""BM25 of passages that are in no index, with the weights of one that is.

A few private passages have no statistics of their own worth the name. Scored with the rarity and
mean length of the reviewed library they are comparable with its entries, and nothing about one
agency's documents can be read off another's scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.fusion import Scores
from knowledge_base.lexical import K1, B, Lexical
from knowledge_base.source_repository import tokens

LOW_BITS = 0xFFFF


class Postings:
    """The tokens of a list of passages, ready to be looked through."""

    def __init__(self, passages: Sequence[bytes]) -> None:
        held = [np.frombuffer(p, np.uint32) for p in passages]
        self.lengths = np.array([len(h) for h in held], np.float32)
        self._tokens = np.concatenate(held) if held else np.zeros(0, np.uint32)
        self._rows = np.repeat(np.arange(len(held), dtype=np.int32), self.lengths.astype(np.int64))

    def scores(self, query: str, lexical: Lexical) -> Scores:
        """BM25 ``(n,)`` of the query, with ``lexical``'s rarity of tokens and mean length."""
        weights = lexical.rarity(query)
        numbers = tokens(weights)
        order = np.argsort(numbers)
        rarity = np.array(list(weights.values()), np.float32)[order]
        found, which = self._found(numbers[order])
        count = len(self.lengths)
        times = np.zeros((len(numbers), count), np.float32)
        np.add.at(times, (which, found), 1.0)
        length = 1 - B + B * self.lengths / max(lexical.mean_length, 1.0)
        scores: Scores = (rarity[:, None] * times / (times + K1 * length)).sum(0, np.float32)
        return scores

    def _found(self, numbers: NDArray[np.uint32]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """Rows that hold a token, and which of the sorted ``numbers`` it is, occurrence for one."""
        if not len(numbers):
            return np.zeros(0, np.int32), np.zeros(0, np.intp)
        likely = np.zeros(LOW_BITS + 1, np.bool_)
        likely[numbers & LOW_BITS] = True
        places = np.flatnonzero(likely[self._tokens & LOW_BITS])
        which = np.minimum(np.searchsorted(numbers, self._tokens[places]), len(numbers) - 1)
        right = numbers[which] == self._tokens[places]
        return self._rows[places[right]], which[right]
