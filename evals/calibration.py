"""Whether a score of .8 is right eight times in ten: the table, its error, and when to abstain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.statistics import NotMeasurable

BINS = 10
Scored = tuple[float, bool]  # a score 0-1, and whether it was right


@dataclass(frozen=True)
class Bin:
    """Answers with a score from ``low`` to ``high``: how many, their mean score, share right."""

    low: float
    high: float
    count: int
    score: float
    right: float


def reliability(answers: Iterable[Scored], bins: int = BINS) -> list[Bin]:
    """The table of calibration, empty bins left out. Raises `NotMeasurable`."""
    inside: dict[int, list[Scored]] = {}
    for answer in _checked(answers):
        inside.setdefault(min(int(answer[0] * bins), bins - 1), []).append(answer)
    table = []
    for place, found in sorted(inside.items()):
        score = sum(s for s, _ in found) / len(found)
        right = sum(r for _, r in found) / len(found)
        table.append(Bin(place / bins, (place + 1) / bins, len(found), score, right))
    return table


def calibration_error(answers: Iterable[Scored], bins: int = BINS) -> float:
    """Expected calibration error, 0 (says what it knows) to 1. Raises `NotMeasurable`."""
    table = reliability(answers, bins)
    whole = sum(b.count for b in table)
    return sum(b.count / whole * abs(b.score - b.right) for b in table)


def abstention(answers: Iterable[Scored]) -> list[tuple[float, float]]:
    """Share answered against share wrong among them, the surest answers first.

    A point for every distinct score, so ties are answered together. Raises `NotMeasurable`.
    """
    known = sorted(_checked(answers), key=lambda a: -a[0])
    curve = []
    for place, (score, _) in enumerate(known):
        if place + 1 == len(known) or known[place + 1][0] != score:
            wrong = sum(not right for _, right in known[: place + 1])
            curve.append(((place + 1) / len(known), wrong / (place + 1)))
    return curve


def abstention_area(answers: Iterable[Scored]) -> float:
    """Area under the curve of `abstention`: mean error over all thresholds, 0-1."""
    area, before = 0.0, 0.0
    for answered, wrong in abstention(answers):
        area += (answered - before) * wrong
        before = answered
    return area


def _checked(answers: Iterable[Scored]) -> Sequence[Scored]:
    known = list(answers)
    if not known:
        raise NotMeasurable(metric="calibration", reason="no answers")
    if not all(0 <= score <= 1 for score, _ in known):
        raise NotMeasurable(metric="calibration", reason="a score outside 0-1")
    return known
