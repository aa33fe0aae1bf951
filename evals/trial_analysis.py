"""What a trial found: the registered outcome by arm, and differences with interval and p.

A case has one arm, so arms are compared unpaired: cases are drawn anew within each arm, and the
test exchanges arms at random within each agency kind, as the randomisation did within agencies.
Cases without an outcome are counted, not guessed: an arm that loses more of them is a warning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from evals.family_workers import figures
from evals.statistics import RESAMPLES, SEED, NotMeasurable, Row, holm

FEWEST = 8  # cases an arm needs for a mean and an interval
MEASURED = ("codes_accepted", "codes_missed", "sentences_struck")
Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class ArmDifference:
    """The later arm's mean minus the earlier's, 95 % interval, and p of the exchange test."""

    value: float
    low: float
    high: float
    p: float
    p_holm: float


def outcome_of(row: Row, outcome: str) -> float | None:
    """A case's outcome: a column of the extract, or a figure of its decisions alone."""
    found = figures([row])[outcome] if outcome in MEASURED else row[outcome]
    return None if found is None else float(found)


def analyse(
    rows: Sequence[Row],
    trial: str,
    outcome: str,
    *,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """``{arms: {arm: {assigned, measured, mean, ci}}, differences: {"B - A": …}}``.

    Mean, interval and differences are None below `FEWEST` measured cases. Raises `NotMeasurable`
    when no case of the trial is among the rows.
    """
    ours = [r for r in rows if r["trial"] == trial and r["arm"]]
    if not ours:
        raise NotMeasurable(metric=outcome, reason=f"no case of {trial}")
    random = np.random.default_rng(seed)
    known = [(r["arm"], r["agency_kind"], outcome_of(r, outcome)) for r in ours]
    by_arm = {
        arm: np.array([v for a, _, v in known if a == arm and v is not None])
        for arm in sorted({r["arm"] for r in ours})
    }
    arms = {
        arm: {
            "assigned": sum(a == arm for a, _, _ in known),
            "measured": len(values),
            **_mean(values, random, resamples),
        }
        for arm, values in by_arm.items()
    }
    found = {
        f"{later} - {earlier}": _difference(known, (earlier, later), random, resamples)
        for earlier, later in combinations(by_arm, 2)
        if min(len(by_arm[earlier]), len(by_arm[later])) >= FEWEST
    }
    corrected = holm({name: d[-1] for name, d in found.items()})
    differences = {n: asdict(ArmDifference(*d, round(corrected[n], 4))) for n, d in found.items()}
    return {"trial": trial, "outcome": outcome, "arms": arms, "differences": differences}


def named(found: Mapping[str, Any], arms: Mapping[str, str]) -> dict[str, Any]:
    """An analysis by letters with the arms' names in their place, after unblinding."""

    def said(words: str) -> str:
        return " - ".join(arms.get(w, w) for w in words.split(" - "))

    return {
        **found,
        "arms": {said(a): v for a, v in found["arms"].items()},
        "differences": {said(d): v for d, v in found["differences"].items()},
    }


def _mean(values: Numbers, random: np.random.Generator, resamples: int) -> dict[str, Any]:
    if len(values) < FEWEST:
        return {"mean": None, "ci": None}
    drawn = values[random.integers(0, len(values), (resamples, len(values)))].mean(axis=1)
    ends = np.quantile(drawn, [0.025, 0.975])
    return {
        "mean": round(float(values.mean()), 4),
        "ci": [round(float(e), 4) for e in ends],
    }


def _difference(
    known: Sequence[tuple[str, str, float | None]],
    pair: tuple[str, str],
    random: np.random.Generator,
    resamples: int,
) -> tuple[float, float, float, float]:
    inside = [(a == pair[1], kind, v) for a, kind, v in known if a in pair and v is not None]
    later = np.array([i[0] for i in inside])
    kinds = np.array([i[1] for i in inside])
    values = np.array([i[2] for i in inside], dtype=np.float64)
    gap = _gap(values, later)
    draws = [
        values[later][random.integers(0, later.sum(), later.sum())].mean()
        - values[~later][random.integers(0, (~later).sum(), (~later).sum())].mean()
        for _ in range(resamples)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    exchanged = [abs(_gap(values, _exchange(later, kinds, random))) for _ in range(resamples)]
    as_far = sum(e >= abs(gap) - 1e-12 for e in exchanged)
    p = (1 + as_far) / (1 + resamples)
    return round(gap, 4), round(float(low), 4), round(float(high), 4), round(p, 4)


def _gap(values: Numbers, later: np.ndarray[Any, Any]) -> float:
    return float(values[later].mean() - values[~later].mean())


def _exchange(
    later: np.ndarray[Any, Any], kinds: np.ndarray[Any, Any], random: np.random.Generator
) -> np.ndarray[Any, Any]:
    """The arms dealt anew within each agency kind; how often each arm occurs stays the same."""
    dealt = later.copy()
    for kind in np.unique(kinds):
        inside = np.flatnonzero(kinds == kind)
        dealt[inside] = random.permutation(later[inside])
    return dealt
