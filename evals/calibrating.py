"""Turns chances into calibrated scores, by stories that taught neither sentences nor weights.

Two maps are tried: Platt's (two numbers) and an isotonic one (steps). Each is fitted on the chances
that left-out stories were given, and judged on the story it did not see; the better one is kept as
a few points between which the product interpolates.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.fitting import Fit

Floats = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]
GRID = np.round(np.concatenate([np.linspace(0, 0.1, 6), np.linspace(0.15, 1, 18)]), 4)
LEAST, MOST = 0.001, 0.999
STEP = 25


@dataclass(frozen=True)
class Calibration:
    """The map as points (chance, score), and how well each kind does on stories it did not see.

    ``briers``: mean squared error by kind, of the chances themselves (``none``) too.
    """

    kind: str
    points: Points
    briers: dict[str, float]
    left_out: Floats


def calibrate(fitted: Fit) -> Calibration:
    """The map whose scores of unseen stories have the smaller squared error."""
    chances, truth, story = fitted.left_out, fitted.truth.astype(float), fitted.story
    said = {kind: _crossed(learn, chances, truth, story) for kind, learn in KINDS.items()}
    briers = {k: round(float(np.mean((s - truth) ** 2)), 6) for k, s in said.items()}
    best = min(briers, key=briers.__getitem__)
    return Calibration(best, KINDS[best](chances, truth), briers, said[best])


def _crossed(
    learn: Callable[[Floats, Floats], Points],
    chances: Floats,
    truth: Floats,
    story: NDArray[np.int_],
) -> Floats:
    said = np.zeros_like(chances)
    for one in np.unique(story):
        own = story == one
        said[own] = applied(learn(chances[~own], truth[~own]), chances[own])
    return said


def applied(points: Sequence[Sequence[float]], chances: Floats) -> Floats:
    """Scores of chances by a map's points."""
    xs, ys = zip(*points, strict=True)
    return np.asarray(np.interp(chances, xs, ys), np.float64)


def _none(_chances: Floats, _truth: Floats) -> Points:
    return ((0.0, 0.0), (1.0, 1.0))


def _platt(chances: Floats, truth: Floats) -> Points:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 seconds to import

    model: Any = LogisticRegression(C=1e6, max_iter=1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(_odds(chances)[:, None], truth > 0)
    scores = model.predict_proba(_odds(GRID)[:, None])[:, 1]
    return _points(GRID, scores)


def _isotonic(chances: Floats, truth: Floats) -> Points:
    """Between the middles of the steps, each of at least `STEP` answers: no two chances alike."""
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 seconds to import

    order = np.argsort(chances, kind="stable")[::-1]
    level = IsotonicRegression().fit_transform(chances, truth)[order]
    ends = np.flatnonzero(np.diff(level)) + 1
    groups = _large(np.split(order, ends))[::-1]
    xs = [0.0, *(float(chances[g].mean()) for g in groups), 1.0]
    ys = [float(truth[g].mean()) for g in groups]
    return _points(np.array(xs), np.array([0.0, *np.maximum.accumulate(ys), max(ys)]))


def _large(groups: Sequence[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """Neighbours joined, from the highest chances down, until each has `STEP` answers."""
    made: list[NDArray[np.intp]] = []
    for group in groups:
        if made and len(made[-1]) < STEP:
            made[-1] = np.concatenate([made[-1], group])
        else:
            made.append(group)
    return made


def _points(xs: Floats, ys: Floats) -> Points:
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in zip(xs, ys, strict=True))


def _odds(chances: Floats) -> Floats:
    held = np.clip(chances, LEAST, MOST)
    made: Floats = np.log(held / (1 - held))
    return made


KINDS: dict[str, Callable[[Floats, Floats], Points]] = {
    "none": _none,
    "platt": _platt,
    "isotonic": _isotonic,
}
