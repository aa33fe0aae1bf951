"""Kernel ridge regression over linear kernels, and what it says of texts it has not learned.

The inverse of the kernel tells in closed form what would have been learned without some of the
texts, so nobody has to learn again to know how well unseen ones are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from intake.grams import Floats, Grams
from intake.pieces import Piece

RIDGE = 2.0
Table = NDArray[np.float64]


@dataclass(frozen=True)
class Ridge:
    """Texts opened for learning: their features, and the inverse of their kernel."""

    grams: tuple[Grams, ...]
    rows: tuple[csr_matrix[Any], ...]
    centre: Floats
    centred: Floats
    inverse: Table

    @classmethod
    def opened(cls, texts: Sequence[Piece], vectors: Floats, least: Mapping[str, int]) -> Ridge:
        """``vectors``: ``(len(texts), dimension)``; ``least``: see `intake.classifier.train`."""
        grams = tuple(Grams.learned(family, texts, n) for family, n in least.items())
        rows = tuple(g.rows(texts) for g in grams)
        centre = vectors.mean(0)
        moved = centred(vectors, centre)
        kernel = moved @ moved.T + sum((r @ r.T).toarray() for r in rows)
        inverse = np.linalg.inv(kernel.astype(np.float64) + RIDGE * np.eye(len(texts)))
        return cls(grams, rows, centre, moved, inverse)

    def dual(self, truth: Table) -> Table:
        """``(texts, codes)`` coefficients from ``(texts, codes)`` targets."""
        made: Table = self.inverse @ truth
        return made

    def left_out(self, truth: Table) -> Table:
        """What the others say of each text: ``(texts, codes)``."""
        found: Table = truth - self.dual(truth) / np.diag(self.inverse)[:, None]
        return found

    def dual_without(self, dual: Table, places: NDArray[np.intp]) -> Table:
        """The coefficients as they are when the texts at these places were never learned."""
        block = self.inverse[np.ix_(places, places)]
        made: Table = dual - self.inverse[:, places] @ np.linalg.solve(block, dual[places])
        return made

    def by_feature(self, dual: Table) -> tuple[tuple[Floats, ...], Floats]:
        """Coefficients over each family of features, and over vectors."""
        by_gram = tuple(_halved(r.T @ dual) for r in self.rows)
        return by_gram, (self.centred.T @ dual).astype(np.float32)


def centred(vectors: Floats, centre: Floats) -> Floats:
    """Vectors seen from a centre, each of length one."""
    moved = vectors - centre
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-9), np.float32)


def _halved(coefficients: Table) -> Floats:
    """Rounded to what is kept on disk, so that learned and opened ones say the same."""
    return np.asarray(coefficients, np.float16).astype(np.float32)
