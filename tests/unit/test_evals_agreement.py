"""Krippendorff's alpha against his own example and values worked out by hand."""

from __future__ import annotations

import pytest

from evals.agreement import alpha, nominal, ordinal
from evals.statistics import NotMeasurable

# Krippendorff, Computing alpha-reliability (2011): four observers, twelve units, gaps.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = list(zip(*OBSERVERS, strict=True))


def test_the_published_example() -> None:
    assert alpha(UNITS, nominal) == pytest.approx(0.743, abs=0.001)
    assert alpha(UNITS, ordinal([1, 2, 3, 4, 5])) == pytest.approx(0.849, abs=0.001)  # interval


def test_two_coders_by_hand() -> None:
    # a a | a b: o_ab = 2, n_a = 3, n_b = 1, n = 4; alpha = 1 - 3 · 2 / (2 · 3 · 1)
    assert alpha([("a", "a"), ("a", "b")]) == pytest.approx(0)


def test_full_agreement_is_1_and_its_contrary_below_0() -> None:
    assert alpha([("a", "a"), ("b", "b")]) == 1
    assert alpha([("a", "b"), ("b", "a")]) < 0


def test_a_near_level_weighs_less_than_a_far_one() -> None:
    apart = ordinal(["low", "middle", "high"])
    rest = [("low", "low"), ("high", "high"), ("middle", "middle")]
    assert alpha([*rest, ("low", "middle")], apart) > alpha([*rest, ("low", "high")], apart)


@pytest.mark.parametrize("broken", [[], [("a", None)], [("a", "a"), ("a", "a")]])
def test_nothing_to_compare_is_refused(broken: list[tuple[str | None, ...]]) -> None:
    with pytest.raises(NotMeasurable):
        alpha(broken)


def test_a_value_outside_the_order_is_refused() -> None:
    with pytest.raises(NotMeasurable):
        alpha([("a", "b")], ordinal(["a"]))
