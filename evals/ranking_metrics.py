"""How good a ranking is: per-question figures, their means, and bootstrap intervals by question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from numpy.typing import NDArray

DEPTH = 10
RESAMPLES = 2000
Figures = Mapping[str, NDArray[np.float64]]
MEASURES = {
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "recall@10": R @ DEPTH,
    "mrr@10": RR @ DEPTH,
    "ndcg@10": nDCG @ DEPTH,
}
MULTI_HIT = "multi_hit@5"


def of_ranking(ranked: Sequence[str], relevant: Collection[str]) -> dict[str, float]:
    """Figures of one question; ``ranked`` best first, only the first ten count.

    ``multi_hit@5`` is 1 when every relevant row stands in the first five, so it is the figure
    that says whether the whole set was found. Raises ValueError when nothing is relevant.
    """
    found = figures({"": ranked}, {"": relevant})
    return {name: float(values[0]) for name, values in found.items()}


def figures(
    rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, Collection[str]]
) -> Figures:
    """Per figure an array ``(questions,)`` in the order of ``rankings``.

    Computed by `ir_measures` with every relevant row at grade 1, `MULTI_HIT` here. Raises
    ValueError when a question has nothing relevant: it has no figure.
    """
    if empty := [q for q in rankings if not relevant[q]]:
        raise ValueError(f"no relevant row for {empty[0]!r}")
    at = {question: row for row, question in enumerate(rankings)}
    found = {name: np.zeros(len(rankings)) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    grades = {q: dict.fromkeys(relevant[q], 1) for q in rankings}
    for value in ir_measures.iter_calc([*MEASURES.values()], grades, _scored(rankings)):
        found[names[str(value.measure)]][at[value.query_id]] = value.value
    whole = [float({*relevant[q]} <= {*ranked[:5]}) for q, ranked in rankings.items()]
    return {**found, MULTI_HIT: np.array(whole)}


def _scored(rankings: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Ranks as falling scores; the library orders by score."""
    return {
        q: {row: float(DEPTH - place) for place, row in enumerate(ranked[:DEPTH])}
        for q, ranked in rankings.items()
    }


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
