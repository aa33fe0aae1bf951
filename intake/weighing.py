"""What signs, rules and (where one is set) a model's vote together say of each code.

One logistic weighing for all codes: a handful of numbers (``coding-weights.yaml``), fitted on
development stories, so that the score is a probability and an unseen story is judged alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.cues import Cue
from intake.schemas import Role
from intake.signs import FLOOR, Sign
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

FEATURES = ("root", "second", "rank", "relative", "rule", "suspected")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Coefficients by feature; a code counts from ``threshold``, is unsure from ``unsure``."""

    coefficients: Mapping[str, float]
    intercept: float
    threshold: float
    unsure: float

    def probabilities(self, features: Floats) -> Floats:
        """``(codes,)`` from ``(codes, features)``."""
        weights = np.array([self.coefficients[name] for name in FEATURES])
        odds: Floats = features @ weights + self.intercept
        made: Floats = 1 / (1 + np.exp(-odds))
        return made


def features(
    codes: Sequence[str], signs: Mapping[str, Sequence[Sign]], cues: Mapping[str, Cue]
) -> Floats:
    """``(codes, features)`` of one story, in the order of `FEATURES`."""
    first = np.array([signs[c][0].strength if signs.get(c) else 0.0 for c in codes])
    first = np.maximum(first, 0.0)
    second = np.array([s[1].strength if len(s := signs.get(c, ())) > 1 else 0.0 for c in codes])
    rank = np.log1p(np.argsort(np.argsort(-first, kind="stable"), kind="stable"))
    told = [cues.get(code) for code in codes]
    rule = [c.score if c and c.role is not Role.PAST else 0.0 for c in told]
    suspected = [bool(c and c.role is Role.SUSPECTED) for c in told]
    top = max(float(first.max(initial=0.0)), FLOOR)
    columns = (np.sqrt(first), np.maximum(second, 0.0), rank, first / top, rule, suspected)
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)


@cache
def load_weights(data_dir: Path = DATA) -> Weights:
    """The weights of ``coding-weights.yaml``."""
    data = unmarked(read_marked(data_dir / "coding-weights.yaml"))
    return Weights(data["coefficients"], data["intercept"], data["threshold"], data["unsure"])
