"""Words that identify someone: what they are, and how overlapping findings become one list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Entity:
    """Identifying words: ``text[start:end]``, a type (PERSON PHONE ID ADDRESS …), a score 0–1."""

    start: int
    end: int
    type: str
    score: float = 1.0


def settled(found: Iterable[Entity]) -> list[Entity]:
    """Findings without overlap, in order: the surer and longer finding keeps its words.

    What a weaker finding covers beyond a stronger one stays covered, cut to the rest, so that
    settling never uncovers a character that some recogniser found.
    """
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda e: (-e.score, e.start - e.end, e.start, e.type)):
        kept += _outside(entity, kept)
    return sorted(kept)


def _outside(entity: Entity, kept: Iterable[Entity]) -> list[Entity]:
    pieces = [(entity.start, entity.end)]
    for other in kept:
        pieces = [p for piece in pieces for p in _minus(piece, (other.start, other.end))]
    return [Entity(a, b, entity.type, entity.score) for a, b in pieces]


def _minus(piece: tuple[int, int], hole: tuple[int, int]) -> list[tuple[int, int]]:
    if hole[1] <= piece[0] or piece[1] <= hole[0]:
        return [piece]
    rest = [(piece[0], hole[0]), (hole[1], piece[1])]
    return [(a, b) for a, b in rest if a < b]
