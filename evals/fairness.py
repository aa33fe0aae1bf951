"""For whom the engine errs: one figure by groups of stories, with intervals and cell sizes.

A group with fewer stories than `LEAST` is counted but gets no figure: so few stories say nothing
about a group of people. The widest gap comes with its interval, resampled within the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from evals.statistics import RESAMPLES, SEED, NotMeasurable, Row, intervals

LEAST = 8
Figure = Callable[[Sequence[Row]], float | None]


def by_group(
    rows: Sequence[Row], group: Callable[[Row], str], figure: Figure, least: int = LEAST
) -> dict[str, dict[str, Any]]:
    """Per group ``{n, value, ci}``; value and ci None below ``least`` stories."""
    if not rows:
        raise NotMeasurable(metric="fairness", reason="no rows")
    return {
        name: cell(inside, figure, least) for name, inside in sorted(_split(rows, group).items())
    }


def widest_gap(
    rows: Sequence[Row], group: Callable[[Row], str], figure: Figure, least: int = LEAST
) -> dict[str, Any] | None:
    """The two groups farthest apart, their gap and its interval; None with fewer than two groups.

    The pair was picked for being farthest apart, so its interval is optimistic.
    """
    groups = {n: g for n, g in _split(rows, group).items() if len(g) >= least}
    values = {n: v for n, g in groups.items() if (v := figure(g)) is not None}
    if len(values) < 2:
        return None
    low, high = min(
        combinations(sorted(values, key=values.__getitem__), 2),
        key=lambda pair: values[pair[0]] - values[pair[1]],
    )
    drawn = _gaps(groups[low], groups[high], figure)
    ends = [round(float(q), 4) for q in np.quantile(drawn, [0.025, 0.975])] if drawn else None
    return {"low": low, "high": high, "gap": round(values[high] - values[low], 4), "ci": ends}


def groups_of(story: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> list[str]:
    """The groups whose words stand in a story: a rough sign of who it is about, no fact."""
    return [name for name, signs in words.items() if any(s in story["narrative"] for s in signs)]


def _split(rows: Sequence[Row], group: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(group(row), []).append(row)
    return found


def cell(rows: Sequence[Row], figure: Figure, least: int = LEAST) -> dict[str, Any]:
    """``{n, value, ci}`` of one group; value and ci None below ``least`` stories."""
    if len(rows) < least:
        return {"n": len(rows), "value": None, "ci": None}
    value = figure(rows)
    ends = intervals(rows, lambda drawn: {"value": figure(drawn)})["value"]
    return {"n": len(rows), "value": None if value is None else round(value, 4), "ci": ends}


def _gaps(low: Sequence[Row], high: Sequence[Row], figure: Figure) -> list[float]:
    random = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLES):
        one = figure([low[i] for i in random.integers(0, len(low), len(low))])
        other = figure([high[i] for i in random.integers(0, len(high), len(high))])
        if one is not None and other is not None:
            found.append(other - one)
    return found
