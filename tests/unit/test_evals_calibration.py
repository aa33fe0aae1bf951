"""Calibration and abstention against values worked out by hand."""

from __future__ import annotations

import pytest

from evals.calibration import abstention, abstention_area, calibration_error, reliability
from evals.statistics import NotMeasurable


def test_the_table_by_hand() -> None:
    table = reliability([(0.75, True), (0.72, False), (0.1, False)])
    assert [(b.low, b.count, b.right) for b in table] == [(0.1, 1, 0), (0.7, 2, 0.5)]
    assert table[1].score == pytest.approx(0.735)


def test_the_error_by_hand() -> None:
    # (1/3)·|.1-0| + (2/3)·|.735-.5|
    found = calibration_error([(0.75, True), (0.72, False), (0.1, False)])
    assert found == pytest.approx(0.1 / 3 + 0.235 * 2 / 3)


def test_the_error_of_who_knows_is_0_and_of_who_is_surely_wrong_1() -> None:
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([(1.0, False), (0.0, True)]) == 1


def test_abstention_by_hand() -> None:
    curve = abstention([(0.9, True), (0.9, False), (0.5, False), (0.4, True)])
    assert curve == [(0.5, 0.5), (0.75, pytest.approx(2 / 3)), (1, 0.5)]
    area = abstention_area([(0.9, True), (0.9, False), (0.5, False), (0.4, True)])
    assert area == pytest.approx(0.5 * 0.5 + 0.25 * 2 / 3 + 0.25 * 0.5)


def test_abstention_of_the_always_right_is_0_and_of_the_always_wrong_1() -> None:
    assert abstention_area([(0.9, True), (0.2, True)]) == 0
    assert abstention_area([(0.9, False), (0.2, False)]) == 1


@pytest.mark.parametrize("broken", [[], [(1.2, True)], [(float("nan"), True)]])
def test_broken_scores_are_refused(broken: list[tuple[float, bool]]) -> None:
    for figure in (reliability, calibration_error, abstention, abstention_area):
        with pytest.raises(NotMeasurable):
            figure(broken)
