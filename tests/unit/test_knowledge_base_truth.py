"""Kleene's tables, written out: every scheme verdict rests on them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.truth import Truth, every, some

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
TRUTHS = st.sampled_from(list(Truth))


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, T, F, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, T, U, T),
        (U, F, F, U),
        (U, U, U, U),
    ],
)
def test_tables(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert left & right is both
    assert left | right is either


def test_negation_keeps_unknown_unknown() -> None:
    assert (~T, ~F, ~U) == (F, T, U)


def test_of() -> None:
    assert (Truth.of(True), Truth.of(False), Truth.of(None)) == (T, F, U)


@pytest.mark.parametrize("truth", list(Truth))
def test_a_truth_may_not_be_used_as_a_bool(truth: Truth) -> None:
    with pytest.raises(TypeError):
        bool(truth)


def test_every_and_some_of_nothing() -> None:
    assert every([]) is T
    assert some([]) is F


@given(TRUTHS, TRUTHS)
def test_de_morgan(left: Truth, right: Truth) -> None:
    assert ~(left & right) is ~left | ~right


@given(TRUTHS, TRUTHS, TRUTHS)
def test_order_and_grouping_never_matter(a: Truth, b: Truth, c: Truth) -> None:
    assert a & b is b & a
    assert (a | b) | c is a | (b | c)
    assert a & (b | c) is (a & b) | (a & c)


@given(st.lists(TRUTHS))
def test_every_and_some_agree_with_their_definition(truths: list[Truth]) -> None:
    assert every(truths) is (F if F in truths else U if U in truths else T)
    assert some(truths) is (T if T in truths else U if U in truths else F)
