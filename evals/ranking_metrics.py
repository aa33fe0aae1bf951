"""How good a ranking is: per-question figures, their means, and bootstrap intervals by question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray

DEPTH = 10
RESAMPLES = 2000
Figures = Mapping[str, NDArray[np.float64]]


def of_ranking(ranked: Sequence[str], relevant: Collection[str]) -> dict[str, float]:
    """Figures of one question; ``ranked`` best first, only the first ten count.

    ``multi_hit@5`` is 1 when every relevant row stands in the first five, so it is the figure
    that says whether the whole set was found.
    """
    hits = [row in relevant for row in ranked[:DEPTH]]
    first = hits.index(True) + 1 if any(hits) else 0
    gain = sum(1 / log2(place + 2) for place, hit in enumerate(hits) if hit)
    best = sum(1 / log2(place + 2) for place in range(min(len(relevant), DEPTH)))
    return {
        "hit@1": float(any(hits[:1])),
        "hit@5": float(any(hits[:5])),
        "hit@10": float(any(hits)),
        "recall@10": sum(hits) / len(relevant),
        "multi_hit@5": float(sum(hits[:5]) == len(relevant)),
        "mrr@10": 1 / first if first else 0.0,
        "ndcg@10": gain / best,
    }


def figures(
    rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, Collection[str]]
) -> Figures:
    """Per figure an array ``(questions,)`` in the order of ``rankings``."""
    rows = [of_ranking(ranked, relevant[q]) for q, ranked in rankings.items()]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def means(found: Figures) -> dict[str, float]:
    """The mean of each figure."""
    return {name: round(float(values.mean()), 4) for name, values in found.items()}


def interval(values: NDArray[np.float64], seed: int = 0) -> list[float]:
    """95 % percentile interval of the mean, resampling questions; exact for equal seeds."""
    chosen = np.random.default_rng(seed).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def difference(ours: Figures, theirs: Figures) -> dict[str, list[float]]:
    """Mean difference with its paired interval ``[mean, low, high]``, figure by figure."""
    gaps = {name: values - theirs[name] for name, values in ours.items()}
    return {name: [round(float(g.mean()), 4), *interval(g)] for name, g in gaps.items()}
