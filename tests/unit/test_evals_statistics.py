"""Intervals, paired differences and tests against values worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from evals.statistics import (
    NotMeasurable,
    NotPaired,
    Row,
    differences,
    holm,
    intervals,
    mcnemar,
    measured,
    share,
)


def rows(*values: float | None) -> list[dict[str, Any]]:
    """A row a value, each a story of its own."""
    return [{"id": n, "value": v} for n, v in enumerate(values)]


def mean(found: Sequence[Row]) -> dict[str, float | None]:
    """The mean of the known values."""
    known = [r["value"] for r in found if r["value"] is not None]
    return {"mean": sum(known) / len(known) if known else None}


def test_an_interval_holds_the_figure_and_repeats_by_seed() -> None:
    half = rows(*[0.0, 1.0] * 50)
    low, high = intervals(half, mean)["mean"] or (0, 0)
    assert (low, high) == pytest.approx((0.4, 0.6), abs=0.02)  # .5 ± 1.96 · .05
    assert intervals(half, mean) == intervals(half, mean)
    uneven = rows(*[n**0.5 for n in range(20)])
    assert intervals(uneven, mean, seed=2) != intervals(uneven, mean)


def test_what_never_varies_has_an_interval_of_no_width() -> None:
    assert intervals(rows(0, 0, 0), mean) == {"mean": (0, 0)}
    assert intervals(rows(1, 1, 1), mean) == {"mean": (1, 1)}


def test_rows_of_one_cluster_are_drawn_together() -> None:
    many = [{"id": n // 25, "value": float(n // 25 % 2)} for n in range(100)]
    clustered = intervals(many, mean)["mean"] or (0, 0)
    alone = intervals(many, mean, cluster=id)["mean"] or (0, 0)
    assert clustered[1] - clustered[0] > 2 * (alone[1] - alone[0])


def test_a_figure_without_value_has_no_interval() -> None:
    assert intervals(rows(None, None), mean) == {"mean": None}
    with pytest.raises(NotMeasurable):
        intervals([], mean)


def test_two_engines_by_hand() -> None:
    better, worse = rows(*[1.0] * 8, 0.0, 0.0), rows(*[0.0] * 10)
    found = differences(better, worse, mean)["mean"]
    assert found is not None
    assert found.value == 0.8
    assert 0.4 < found.low < 0.8 < found.high <= 1
    # All eight swaps must fall the same way: 2 · 2⁻⁸ = .0078
    assert found.p == pytest.approx(0.0078, abs=0.006)
    assert differences(better, worse, mean) == differences(better, worse, mean)


def test_an_engine_does_not_differ_from_itself() -> None:
    found = differences(rows(0, 1, 1), rows(0, 1, 1), mean)["mean"]
    assert found is not None
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_pairs_are_found_by_story_not_by_place() -> None:
    found = differences(rows(0, 1), list(reversed(rows(0, 1))), mean)["mean"]
    assert found is not None
    assert found.value == 0


def test_other_stories_or_none_are_refused() -> None:
    with pytest.raises(NotPaired) as refused:
        differences(rows(0, 1), rows(0), mean)
    assert refused.value.details == {"only": 1}
    with pytest.raises(NotPaired):
        differences([*rows(0), *rows(0)], rows(0), mean)
    with pytest.raises(NotMeasurable):
        differences([], [], mean)
    assert differences(rows(None), rows(1), mean) == {"mean": None}


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 5) == 1
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(1, 5) == pytest.approx(2 * (1 + 6) / 64)
    assert mcnemar(0, 60) == pytest.approx(0, abs=1e-12)
    with pytest.raises(NotMeasurable):
        mcnemar(-1, 2)


def test_holm_by_hand() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {
        "a": pytest.approx(0.03),
        "c": pytest.approx(0.06),
        "b": pytest.approx(0.06),
    }
    assert holm({"a": 0.0}) == {"a": 0}
    assert holm({"a": 1.0, "b": 0.9}) == {"b": 1, "a": 1}
    assert holm({}) == {}
    with pytest.raises(NotMeasurable):
        holm({"a": math.nan})


def test_no_figure_is_ever_nan() -> None:
    assert measured("x", 0.5) == 0.5
    assert share(1, 2) == 0.5
    assert share(0, 2) == 0
    assert share(2, 2) == 1
    assert share(0, 0) is None
    for broken in (None, math.nan, math.inf):
        with pytest.raises(NotMeasurable) as refused:
            measured("x", broken)
        assert "x" in refused.value.say("en")
