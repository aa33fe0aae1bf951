"""One chance for each red flag, from what the rules found and what the classifier hears together.

A handful of numbers (``red-flag-weights.yaml``), the same for every flag and fitted by a program on
development stories (``cmis eval fit``), so that an unseen story is judged alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from intake.learning import RUNS, FlagSigns
from intake.logistic import Floats
from intake.logistic import chances as weighed
from intake.signs import Sign
from knowledge_base.codebook import RedFlag
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

FEATURES = ("one", "second", "two", "three", "rule", "hint", "length", "code")
LEAST_CHANCE = 0.01
MOST = 3.0  # times a usual sign; more says no more
FIRM = 0.6  # a rule of this score raises a flag by itself where nothing was learned


@dataclass(frozen=True)
class FlagWeights:
    """Coefficients by feature. A flag is raised from ``raised`` on, sure from ``sure`` on.

    A rule with a score of ``always`` or more is sure whatever the classifier says.
    """

    coefficients: Mapping[str, float]
    intercept: float
    raised: float
    sure: float
    always: float

    def chances(self, features: Floats) -> Floats:
        """``(flags,)`` from ``(flags, features)``."""
        weights = np.array([self.coefficients[name] for name in FEATURES])
        return weighed(features, weights, self.intercept)


def flag_features(
    flags: Sequence[RedFlag],
    signs: FlagSigns,
    scores: Mapping[str, float],
    chances: Mapping[str, float],
) -> Floats:
    """``(flags, features)`` of one story, in the order of `FEATURES`. ``scores``: of the rules;
    ``chances``: of problem codes (0-1), for a flag seldom stands without a problem of its kind.
    The longer a story, the likelier that some window sounds like a flag by chance: ``length`` is
    the logarithm of the number of windows.
    """
    rows = []
    for flag in flags:
        one, two, three = (signs.of(flag.id, run) for run in RUNS)
        learned = (_strength(one, 0), _strength(one, 1), _strength(two, 0), _strength(three, 0))
        rows.append(flag_row(flag, learned, scores, signs.windows, chances))
    return np.array(rows, np.float64)


def flag_row(
    flag: RedFlag,
    learned: tuple[float, float, float, float],
    scores: Mapping[str, float],
    windows: int,
    chances: Mapping[str, float],
) -> tuple[float, ...]:
    """One flag's features. ``learned``: of the first and second window, of two, of three."""
    rule = scores.get(flag.id, 0.0)
    told = (float(rule >= FIRM), float(0.0 < rule < FIRM), math.log(max(windows, 1)))
    beside = math.log(max(chances.get(code, 0.0) for code in flag.codes) + LEAST_CHANCE)
    return (*learned, *told, beside)


def _strength(signs: Sequence[Sign], place: int) -> float:
    return min(max(signs[place].strength, 0.0), MOST) if len(signs) > place else 0.0


@cache
def load_flag_weights(data_dir: Path = DATA) -> FlagWeights:
    """The weights of ``red-flag-weights.yaml``."""
    data = unmarked(read_marked(data_dir / "red-flag-weights.yaml"))
    return FlagWeights(
        data["coefficients"], data["intercept"], data["raised"], data["sure"], data["always"]
    )
