"""The known features of one family as weighted columns, and what each letter of a text adds.

Features are hashed, so no vocabulary is kept; weights are tf-idf, each text of length one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from intake.pieces import Piece

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Weighed:
    """Every occurrence of a known feature in a text: its column, its weight, its place."""

    columns: NDArray[np.intp]
    weights: Floats
    places: NDArray[np.int32]


@dataclass(frozen=True)
class Grams:
    """One family of features: the hashed ``columns`` that are known and their ``idf``."""

    family: str
    columns: NDArray[np.int64]
    idf: Floats

    @classmethod
    def learned(cls, family: str, texts: Sequence[Piece], least: int) -> Grams:
        """The features that stand in at least ``least`` of the texts."""
        seen = Counter(k for t in texts for k in set(t.features(family).keys.tolist()))
        kept = sorted(key for key, count in seen.items() if count >= least)
        counts = np.array([seen[key] for key in kept], np.float32)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(family, np.array(kept, np.int64), idf.astype(np.float32))

    def rows(self, texts: Sequence[Piece]) -> csr_matrix[Any]:
        """``(len(texts), len(columns))``, every row of length one."""
        found = [self._weighed(text) for text in texts]
        ends = np.cumsum([0, *(len(f.columns) for f in found)])
        data = np.concatenate([f.weights for f in found]) if found else np.zeros(0, np.float32)
        where = np.concatenate([f.columns for f in found]) if found else np.zeros(0, np.intp)
        made = csr_matrix((data, where, ends), shape=(len(texts), len(self.columns)))
        made.sum_duplicates()
        return made

    def spread(self, text: Piece, coefficients: Floats, chosen: NDArray[np.intp]) -> Floats:
        """What each letter adds to the chosen scores: ``(len(text), len(chosen))``."""
        found = self._weighed(text)
        share = np.zeros((len(text.text) + 1, len(chosen)), np.float32)
        if not len(found.columns):
            return share[:-1]
        starts, ends = found.places.T
        each = (found.weights / (ends - starts).astype(np.float32))[:, None]
        added = coefficients[found.columns[:, None], chosen] * each
        np.add.at(share, starts, added)
        np.subtract.at(share, ends, added)
        spread: Floats = np.cumsum(share, axis=0)[: len(text.text)]
        return spread

    def _weighed(self, text: Piece) -> Weighed:
        """The occurrences of known features in the order of the text's own."""
        found = text.features(self.family)
        at = np.searchsorted(self.columns, found.keys)
        at[at == len(self.columns)] = 0
        known = self.columns[at] == found.keys if len(self.columns) else np.zeros(len(at), bool)
        at = at[known]
        distinct, back, often = np.unique(at, return_inverse=True, return_counts=True)
        total = (1 + np.log(often)) * self.idf[distinct]
        length = float(np.sqrt((total**2).sum())) or 1.0
        weights = (total / often / length)[back].astype(np.float32)
        return Weighed(at, weights, found.places[known])
