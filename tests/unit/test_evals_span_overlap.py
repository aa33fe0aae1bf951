"""Overlap of spans against values worked out by hand."""

from __future__ import annotations

import pytest

from evals.span_overlap import character_f1, overlap
from evals.statistics import NotMeasurable


def test_by_hand() -> None:
    assert overlap([(0, 4), (2, 6)], [(3, 9)]) == (3, 3, 3)
    assert character_f1(3, 3, 3) == 0.5


def test_none_in_common_is_0_and_the_same_words_are_1() -> None:
    assert character_f1(*overlap([(0, 3)], [(3, 6)])) == 0
    assert character_f1(*overlap([(0, 3)], [(0, 3)])) == 1


def test_nothing_on_either_side_has_no_value() -> None:
    assert character_f1(*overlap([], [])) is None
    assert character_f1(*overlap([(2, 2)], [])) is None


@pytest.mark.parametrize("broken", [(-1, 2), (5, 3)])
def test_what_is_no_range_is_refused(broken: tuple[int, int]) -> None:
    with pytest.raises(NotMeasurable):
        overlap([broken], [])
