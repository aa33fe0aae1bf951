"""How far coders agree beyond chance: Krippendorff's alpha, any number of coders, gaps allowed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import permutations

from evals.statistics import NotMeasurable

Value = Hashable
Distance = Callable[[Value, Value], float]


def nominal(one: Value, other: Value) -> float:
    """0 for the same value, 1 for another."""
    return float(one != other)


def ordinal(order: Sequence[Value]) -> Distance:
    """Squared distance of places in ``order``, for levels such as urgency."""
    place = {value: n for n, value in enumerate(order)}

    def apart(one: Value, other: Value) -> float:
        try:
            return float((place[one] - place[other]) ** 2)
        except KeyError as error:
            raise NotMeasurable(metric="alpha", reason="a value outside the order") from error

    return apart


def alpha(units: Sequence[Sequence[Value | None]], distance: Distance = nominal) -> float:
    """Alpha over ``units``, a story each with one value a coder (None: no answer).

    1 is agreement, 0 chance, below 0 worse than chance. Raises `NotMeasurable` when no unit has
    two answers or all answers are the same.
    """
    paired = _coincidences(units)
    totals: dict[Value, float] = {}
    for (one, _), weight in paired.items():
        totals[one] = totals.get(one, 0.0) + weight
    count = sum(totals.values())
    expected = sum(totals[a] * totals[b] * distance(a, b) for a in totals for b in totals) / max(
        count - 1, 1e-9
    )
    if not paired or expected == 0:
        raise NotMeasurable(metric="alpha", reason="nothing varies or nothing is paired")
    observed = sum(weight * distance(a, b) for (a, b), weight in paired.items())
    return 1 - observed / expected


def _coincidences(
    units: Sequence[Sequence[Value | None]],
) -> Mapping[tuple[Value, Value], float]:
    found: dict[tuple[Value, Value], float] = {}
    for unit in units:
        given = [v for v in unit if v is not None]
        for pair in permutations(given, 2) if len(given) > 1 else ():
            found[pair] = found.get(pair, 0.0) + 1 / (len(given) - 1)
    return found
