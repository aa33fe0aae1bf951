"""Legs become one ranking: each leg's scores normalised on its own, then a weighted sum.

Weights and their measurement: docs/decisions/0003-search-fusion.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

WEIGHTS: Mapping[str, float] = {"dense": 1.0, "words": 1.0, "trigrams": 1.0}
Scores = NDArray[np.float32]


def normalised(scores: Scores) -> Scores:
    """Scores on 0–1: minimum to 0, maximum to 1; all zeros where nothing differs."""
    low, high = float(scores.min(initial=0.0)), float(scores.max(initial=0.0))
    if high - low <= 0:
        return np.zeros_like(scores)
    found: Scores = ((scores - low) / (high - low)).astype(np.float32)
    return found


def fused(legs: Mapping[str, Scores], weights: Mapping[str, float] = WEIGHTS) -> Scores:
    """The weighted mean of the normalised legs, ``(n,)``."""
    total = sum(weights[name] for name in legs)
    parts = [weights[name] * normalised(scores) for name, scores in legs.items()]
    found: Scores = (np.sum(parts, axis=0) / total).astype(np.float32)
    return found
