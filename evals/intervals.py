"""Percentile intervals that resample whole stories, since figures of one story hang together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

RESAMPLES = 1000
SEED = 20260101
Row = Any
Figures = Callable[[Sequence[Row]], Mapping[str, float]]


def clustered(
    rows: Sequence[Row], figures: Figures, resamples: int = RESAMPLES
) -> dict[str, tuple[float, float]]:
    """95 % intervals of every figure over ``rows``, one row a story; empty without rows."""
    if not rows:
        return {}
    random = np.random.default_rng(SEED)
    picks = random.integers(0, len(rows), (resamples, len(rows)))
    drawn = [figures([rows[i] for i in pick]) for pick in picks]
    return {name: _middle([d[name] for d in drawn]) for name in drawn[0]}


def _middle(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(np.asarray(values), [0.025, 0.975])
    return round(float(low), 3), round(float(high), 3)
