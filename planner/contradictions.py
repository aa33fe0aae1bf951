"""Sentences that cannot both stand: the same said and denied, or the same with another number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner import claims
from planner.schemas import Sentence
from planner.wording import pattern

SAME = 0.75  # shared words of the shorter sentence


def contradicts(one: str, other: str) -> bool:
    """Whether two sentences speak of the same and one denies it or counts it differently."""
    first, second = _core(one), _core(other)
    shared = first & second
    if not shared or len(shared) / min(len(first), len(second)) < SAME:
        return False
    denied = claims.denied(one) ^ claims.denied(other)
    if denied & shared:
        return True
    counted, also = claims.quantities(one), claims.quantities(other)
    units = {unit for _, unit in counted} & {unit for _, unit in also}
    return any(_of(unit, counted).isdisjoint(_of(unit, also)) for unit in units)


def contradictions(
    sentence: Sentence, others: Iterable[Sentence], most: int = 3
) -> Iterator[Sentence]:
    """The other sentences that one sentence contradicts, up to ``most``."""
    for other in others:
        if most and other.id != sentence.id and contradicts(sentence.text, other.text):
            most -= 1
            yield other


def _of(unit: str, counted: set[tuple[str, str]]) -> set[str]:
    return {number for number, of in counted if of == unit}


def _core(text: str) -> frozenset[str]:
    denial = pattern("pattern.denial")
    return frozenset(
        denial.sub("", w) for w in claims.content_words(text) if not any(c.isdigit() for c in w)
    )
