"""How far two spellings, texts or lists of words are apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """The fewest items to exchange, add or leave out that make one the other (Levenshtein)."""
    same = _same(one, other)
    one, other = one[same:], other[same:]
    same = _same(one[::-1], other[::-1])
    one, other = one[: len(one) - same], other[: len(other) - same]
    row = list(range(len(other) + 1))
    for number, item in enumerate(one, start=1):
        before, row[0] = row[0], number
        for at, wanted in enumerate(other, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (item != wanted))
    return row[-1]


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
