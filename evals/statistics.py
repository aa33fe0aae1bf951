"""How sure a figure is: intervals that resample whole stories, and paired tests of two engines.

Sentences, codes and spans of one story hang together, so the story is what is drawn. Two engines
are always compared on the same stories: the interval is of their difference, and the test swaps
their answers story by story. A figure that cannot be measured is None or `NotMeasurable`, never
a NaN that travels on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.errors import BadInput

RESAMPLES = 1000
SEED = 20260101
LEAST_SHARE = 0.5  # of the draws that must be measurable for an interval to be given
Row = dict[str, Any]
Values = Mapping[str, float | None]
Figures = Callable[[Sequence[Row]], Values]
Interval = tuple[float, float]


class NotMeasurable(BadInput):
    """A figure has no value on this input. Details: ``metric``, ``reason``."""

    code = "evals.not_measurable"


class NotPaired(BadInput):
    """Two runs did not measure the same stories. Details: ``only`` (how many stand alone)."""

    code = "evals.not_paired"


@dataclass(frozen=True)
class Difference:
    """Ours minus theirs, its 95 % interval, and the p-value of the swap test."""

    value: float
    low: float
    high: float
    p: float


def measured(metric: str, value: float | None) -> float:
    """The value when it is a finite number; raises `NotMeasurable` otherwise."""
    if value is None or not math.isfinite(value):
        raise NotMeasurable(metric=metric, reason="no finite value")
    return float(value)


def share(part: float, whole: float) -> float | None:
    """Part of whole; None when there is nothing to divide by."""
    return part / whole if whole else None


def intervals(
    rows: Sequence[Row],
    figures: Figures,
    *,
    cluster: Callable[[Row], Hashable] = lambda row: row["id"],
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> dict[str, Interval | None]:
    """95 % percentile intervals; all rows of one ``cluster`` are drawn together.

    None for a figure that most draws cannot measure. Raises `NotMeasurable` without rows.
    """
    groups = _groups(rows, cluster)
    picks = _picks(len(groups), seed, resamples)
    drawn = [figures([r for i in pick for r in groups[i]]) for pick in picks]
    return {name: _middle([d[name] for d in drawn]) for name in figures(rows)}


def differences(
    ours: Sequence[Row],
    theirs: Sequence[Row],
    figures: Figures,
    *,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> dict[str, Difference | None]:
    """Paired differences of two engines over the same stories (``id``), figure by figure.

    None where either engine has no value. Raises `NotPaired` or `NotMeasurable`.
    """
    pairs = _pairs(ours, theirs)
    gap = _gap(figures, pairs)
    picks = _picks(len(pairs), seed, resamples)
    drawn = [_gap(figures, [pairs[i] for i in pick]) for pick in picks]
    swapped = _swapped(figures, pairs, seed, resamples)
    return {name: _difference(name, value, drawn, swapped) for name, value in gap.items()}


def mcnemar(only_ours: int, only_theirs: int) -> float:
    """Exact two-sided p of a paired yes/no outcome, from the stories that only one got right."""
    if only_ours < 0 or only_theirs < 0:
        raise NotMeasurable(metric="mcnemar", reason="negative count")
    count = only_ours + only_theirs
    least = min(only_ours, only_theirs)
    tail: float = sum(math.comb(count, k) for k in range(least + 1)) / (1 << count)
    return min(1.0, 2 * tail)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values after Holm's step-down correction: several tests on one set of stories."""
    found: dict[str, float] = {}
    highest = 0.0
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for place, (name, p) in enumerate(ordered):
        if not 0 <= p <= 1:
            raise NotMeasurable(metric=name, reason="no probability")
        highest = max(highest, min(1.0, (len(ordered) - place) * p))
        found[name] = highest
    return found


def _groups(rows: Sequence[Row], cluster: Callable[[Row], Hashable]) -> list[list[Row]]:
    if not rows:
        raise NotMeasurable(metric="interval", reason="no rows")
    found: dict[Hashable, list[Row]] = {}
    for row in rows:
        found.setdefault(cluster(row), []).append(row)
    return list(found.values())


def _picks(count: int, seed: int, resamples: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(seed).integers(0, count, (resamples, count))


def _middle(values: Sequence[float | None]) -> Interval | None:
    known = [v for v in values if v is not None]
    if not known or len(known) < LEAST_SHARE * len(values):
        return None
    low, high = np.quantile(np.asarray(known), [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def _pairs(ours: Sequence[Row], theirs: Sequence[Row]) -> list[tuple[Row, Row]]:
    mine, other = ({r["id"]: r for r in rows} for rows in (ours, theirs))
    if mine.keys() != other.keys() or len(mine) != len(ours) or len(other) != len(theirs):
        raise NotPaired(only=len(mine.keys() ^ other.keys()))
    if not mine:
        raise NotMeasurable(metric="difference", reason="no rows")
    return [(mine[name], other[name]) for name in mine]


def _gap(figures: Figures, pairs: Sequence[tuple[Row, Row]]) -> dict[str, float | None]:
    mine, other = figures([p[0] for p in pairs]), figures([p[1] for p in pairs])
    return {name: _minus(value, other.get(name)) for name, value in mine.items()}


def _minus(ours: float | None, theirs: float | None) -> float | None:
    return None if ours is None or theirs is None else ours - theirs


def _swapped(
    figures: Figures, pairs: Sequence[tuple[Row, Row]], seed: int, resamples: int
) -> list[dict[str, float | None]]:
    """Differences after the engines' answers were swapped at random, story by story."""
    coins = np.random.default_rng(seed + 1).integers(0, 2, (resamples, len(pairs)))
    return [
        _gap(
            figures, [(b, a) if heads else (a, b) for (a, b), heads in zip(pairs, row, strict=True)]
        )
        for row in coins
    ]


def _difference(
    name: str,
    value: float | None,
    drawn: Sequence[Mapping[str, float | None]],
    swapped: Sequence[Mapping[str, float | None]],
) -> Difference | None:
    middle = _middle([d[name] for d in drawn])
    if value is None or middle is None:
        return None
    chance = [abs(s) for d in swapped if (s := d[name]) is not None]
    as_far = sum(c >= abs(value) - 1e-12 for c in chance)
    return Difference(round(value, 4), *middle, round((1 + as_far) / (1 + len(chance)), 4))
