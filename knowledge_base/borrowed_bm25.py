"""BM25 of passages that are in no index, with the weights of one that is.

A few private passages have no statistics of their own worth the name. Scored with the rarity and
mean length of the reviewed library they are comparable with its entries, and nothing about one
agency's documents can be read off another's scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge_base.fusion import Scores
from knowledge_base.lexical import K1, B, Lexical
from knowledge_base.source_repository import tokens

LOW_BITS = 0xFFFF
ENDS: tuple[Literal["left"], Literal["right"]] = ("left", "right")


class Postings:
    """The tokens of a list of passages: looked through once, or ``in_order`` to be asked often."""

    def __init__(self, passages: Sequence[bytes], *, in_order: bool = False) -> None:
        held = [np.frombuffer(p, np.uint32) for p in passages]
        self.lengths = np.array([len(h) for h in held], np.float32)
        self._tokens = np.concatenate(held) if held else np.zeros(0, np.uint32)
        self._rows = np.repeat(np.arange(len(held), dtype=np.int32), self.lengths.astype(np.int64))
        self._in_order = in_order
        if in_order:
            order = np.argsort(self._tokens, kind="stable")
            self._tokens, self._rows = self._tokens[order], self._rows[order]

    def scores(self, query: str, lexical: Lexical) -> Scores:
        """BM25 ``(n,)`` of the query, with ``lexical``'s rarity of tokens and mean length."""
        weights = lexical.rarity(query)
        found, rows = self._of(tokens(weights))
        length = K1 * (1 - B + B * self.lengths / max(lexical.mean_length, 1.0))
        scores: Scores = np.zeros(len(self.lengths), np.float32)
        for number, weight in zip(tokens(weights), weights.values(), strict=True):
            low, high = (np.searchsorted(found, number, side) for side in ENDS)
            times = np.bincount(rows[low:high], minlength=len(scores))
            held = np.flatnonzero(times)
            scores[held] += np.float32(weight) * times[held] / (times[held] + length[held])
        return scores

    def _of(self, numbers: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Tokens in order and the rows they stand in; at least those of ``numbers``."""
        if self._in_order:
            return self._tokens, self._rows
        likely = np.zeros(LOW_BITS + 1, np.bool_)
        likely[numbers & LOW_BITS] = True
        places = np.flatnonzero(likely[self._tokens & LOW_BITS])
        order = places[np.argsort(self._tokens[places], kind="stable")]
        return self._tokens[order], self._rows[order]
