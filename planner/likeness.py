"""How alike two sentences are, by their words; what a plan says twice it says once."""

from __future__ import annotations

from functools import lru_cache

from knowledge_base.words import words

ALIKE, RELATED = 0.72, 0.5


@lru_cache(maxsize=16384)
def bag(text: str) -> frozenset[str]:
    """The words of a sentence."""
    return frozenset(words(text))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words by the shorter sentence, 0–1."""
    return len(one & other) / max(1, min(len(one), len(other)))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    union = len(one & other) / max(1, len(one | other))
    return overlap(one, other) >= ALIKE and union >= ALIKE - 0.2
