"""What signs, rules and (where one is set) a model's vote together say of each code.

Two logistic weighings, the same for all codes: a handful of numbers (``coding-weights.yaml``),
fitted on development stories, so that the score is a probability and an unseen story is judged
alike. The second weighing knows what the first made of the other codes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from intake.cues import Cue
from intake.learning import CodeSigns
from intake.lifts import Lifts
from intake.logistic import Floats, chances
from intake.schemas import Role
from intake.signs import FLOOR
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

FEATURES = ("root", "rank", "relative", "whole", "short", "rule", "suspected")
ENOUGH = 7  # windows; the shortest story with a key has so many
BESIDE = "beside"
STAGES = {"alone": FEATURES, "together": (*FEATURES, BESIDE)}


@dataclass(frozen=True)
class Logistic:
    """A logistic weighing of some features."""

    coefficients: Mapping[str, float]
    intercept: float

    def chances(self, features: Floats) -> Floats:
        """``(n,)`` from ``(n, features)``, in the order of the coefficients."""
        return chances(features, np.array(list(self.coefficients.values())), self.intercept)


@dataclass(frozen=True)
class Weights:
    """Each code is judged ``alone``, then once more beside what the others are (`BESIDE`).

    A code counts from ``threshold``, is unsure from ``unsure``. ``points``: chances and the share
    of codes that were right there, in stories nothing was fitted on; ``vote``: the log odds that
    another reader's vote adds, set by hand.
    """

    alone: Logistic
    together: Logistic
    threshold: float
    unsure: float
    points: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))
    vote: float = 1.5

    def probabilities(self, codes: Sequence[str], features: Floats, lifts: Lifts) -> Floats:
        """``(codes,)`` from ``(codes, features)`` of one story."""
        beside = lifts.beside(codes, self.alone.chances(features))
        return self.together.chances(np.column_stack([features, beside]))

    def score(self, chance: float) -> float:
        """The calibrated score of a chance."""
        xs, ys = zip(*self.points, strict=True)
        return float(np.interp(chance, xs, ys))


def features(codes: Sequence[str], signs: CodeSigns, cues: Mapping[str, Cue]) -> Floats:
    """``(codes, features)`` of one story, in the order of `FEATURES`.

    ``root``, ``rank`` and ``relative`` tell of the code's best window, ``whole`` of the story as
    one text, ``rule`` and ``suspected`` of the rules, ``short`` of what the story lacks of `ENOUGH`
    windows. How much longer it is says nothing: authors differ in how many problems they tell.
    """
    best = [next((s.strength for s in signs.of(c)), 0.0) for c in codes]
    first = np.maximum(np.array(best), 0.0)
    rank = np.log1p(np.argsort(np.argsort(-first, kind="stable"), kind="stable"))
    whole = [signs.whole.get(c, 0.0) for c in codes]
    short = np.full(len(codes), math.log(ENOUGH / min(max(signs.windows, 1), ENOUGH)))
    told = [cues.get(code) for code in codes]
    rule = [c.score if c and c.role is not Role.PAST else 0.0 for c in told]
    suspected = [bool(c and c.role is Role.SUSPECTED) for c in told]
    top = max(float(first.max(initial=0.0)), FLOOR)
    columns = (np.sqrt(first), rank, first / top, whole, short, rule, suspected)
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)


@cache
def load_weights(data_dir: Path = DATA) -> Weights:
    """The weights of ``coding-weights.yaml``."""
    data = unmarked(read_marked(data_dir / "coding-weights.yaml"))
    points = tuple((float(x), float(y)) for x, y in data["calibration"])
    alone, together = (_logistic(data[name], wanted) for name, wanted in STAGES.items())
    return Weights(alone, together, data["threshold"], data["unsure"], points, data["vote"])


def _logistic(row: Mapping[str, float], features: Sequence[str]) -> Logistic:
    return Logistic({name: row[name] for name in features}, row["intercept"])
