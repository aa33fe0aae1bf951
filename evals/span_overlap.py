"""How far found words overlap the words a key gives as evidence, counted by characters."""

from __future__ import annotations

from collections.abc import Iterable

from evals.statistics import NotMeasurable

Place = tuple[int, int]


def overlap(found: Iterable[Place], wanted: Iterable[Place]) -> tuple[int, int, int]:
    """Characters both have, found alone, wanted alone. Raises `NotMeasurable` for a bad place."""
    mine, other = _characters(found), _characters(wanted)
    return len(mine & other), len(mine - other), len(other - mine)


def character_f1(both: int, found_alone: int, wanted_alone: int) -> float | None:
    """F1 of counts of `overlap`; None when neither side has a character."""
    whole = 2 * both + found_alone + wanted_alone
    return 2 * both / whole if whole else None


def _characters(places: Iterable[Place]) -> set[int]:
    known = list(places)
    if any(start < 0 or end < start for start, end in known):
        raise NotMeasurable(metric="span_overlap", reason="a place that is no range")
    return {i for start, end in known for i in range(start, end)}
