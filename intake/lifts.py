"""Which problems are told together: how much likelier one code is beside another in the bank.

A story seldom says its secondary problems as plainly as the first one. What the bank's sentences
that show several codes have together speaks for a code, what never meets speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EVENED = 0.1  # sentences' worth of the chance meeting
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lifts:
    """``table[a, b]``: the logarithm of how much likelier ``b`` is beside ``a``; 0 on itself."""

    codes: tuple[str, ...]
    table: NDArray[np.float32]

    @classmethod
    def learned(cls, codes: Sequence[str], shown: Floats) -> Lifts:
        """From ``(sentences, codes)``, 1 where a sentence shows a code."""
        together, each = shown.T @ shown, shown.sum(0)
        by_chance = np.outer(each, each) / max(1, len(shown))
        table = np.log((together + EVENED) / (by_chance + EVENED))
        np.fill_diagonal(table, 0.0)
        return cls(tuple(codes), table.astype(np.float32))

    def beside(self, codes: Sequence[str], chances: Floats) -> Floats:
        """What the other codes' chances say of each code: ``(..., codes)`` of the same shape."""
        places = [self.codes.index(code) for code in codes]
        said: Floats = chances @ self.table[np.ix_(places, places)].astype(np.float64)
        return said
