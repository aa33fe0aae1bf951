"""Legs become one ranking: each leg's scores normalised on its own, then a weighted mean.

A lexical leg counts by its coverage, the share of the question's weight of words that its best
text holds: a question in the law's own words is matched by words, one in everyday words by
meaning. Weights and their measurement: docs/decisions/0003-search-fusion.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

WEIGHTS: Mapping[str, float] = {"dense": 0.5, "words": 1.0, "trigrams": 1.5, "sections": 1.5}
RRF = 60
Scores = NDArray[np.float32]


def normalised(scores: Scores) -> Scores:
    """Scores on 0–1: minimum to 0, maximum to 1; all zeros where nothing differs."""
    if not len(scores) or scores.min() == scores.max():
        return np.zeros_like(scores)
    return anchored(scores, float(scores.min()), float(scores.max()))


def anchored(scores: Scores, low: float, high: float) -> Scores:
    """``low`` to 0, ``high`` to 1; what is not known (NaN) to 0, or to the least that is known."""
    spread = (scores - low) / (high - low) if high > low else scores * 0
    least = np.fmin.reduce(spread, initial=0.0)
    found: Scores = np.nan_to_num(spread, nan=float(least)).astype(np.float32)
    return found


def fused(legs: Mapping[str, Scores], weights: Mapping[str, float] = WEIGHTS) -> Scores:
    """The weighted mean of normalised legs, ``(n,)``."""
    total = sum(weights[name] for name in legs)
    found: Scores = np.zeros(len(next(iter(legs.values()))), np.float32)
    for name, scores in legs.items():
        found += scores * np.float32(weights[name] / total)
    return found


def weighted(coverage: Mapping[str, float]) -> dict[str, float]:
    """The weights of one question, by the coverage (0–1) of its lexical legs."""
    return {name: weight * coverage.get(name, 1.0) for name, weight in WEIGHTS.items()}


def reciprocal(legs: Mapping[str, Scores]) -> Scores:
    """Reciprocal-rank fusion, the usual other way; kept to be measured against."""
    found: Scores = np.zeros(len(next(iter(legs.values()))), np.float32)
    for scores in legs.values():
        places = np.empty(len(scores), np.int64)
        places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        found += (1 / (RRF + places)).astype(np.float32)
    return found
