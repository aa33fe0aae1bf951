"""Signs the classifier sees: for each code the windows that show it, with words and standing.

The words are the run of a window that adds most to the code; they are judged for denial,
rumour, fear and past like the sign of a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intake.classifier import Classifier
from intake.grams import Floats
from intake.negation import Standing
from intake.pieces import Piece
from intake.rules import Reading
from intake.windows import Window

FLOOR = 0.05
MOST_LETTERS = 48
STANDINGS = tuple(Standing)


@dataclass(frozen=True)
class Sign:
    """One window's sign of one code; ``start`` and ``end`` are places in the view."""

    code: str
    strength: float
    standing: Standing
    start: int
    end: int
    window: Window


def signs(
    reading: Reading,
    parts: Sequence[tuple[Window, Piece]],
    classifier: Classifier,
    scores: Floats,
    floor: float = FLOOR,
) -> dict[str, list[Sign]]:
    """The signs of each code, strongest first. ``scores``: ``(len(parts), codes)``."""
    found: dict[str, list[Sign]] = {}
    for (window, piece), row in zip(parts, scores, strict=True):
        shown = np.flatnonzero(row >= floor)
        if not len(shown):
            continue
        words = piece.tokens
        adds = _by_word(classifier.spread(piece, shown), words)
        for column, added in zip(shown, adds.T, strict=True):
            first, last = _run(added, [end - start for _, start, end in words])
            start, end = window.start + words[first][1], window.start + words[last][2]
            peak = words[first + int(added[first : last + 1].argmax())]
            standing = reading.negation.standing(
                reading.view.text, reading.parts, window.start + peak[1], window.start + peak[2]
            )
            code = classifier.codes[column]
            strength = float(row[column] * classifier.discounts[column, STANDINGS.index(standing)])
            sign = Sign(code, strength, standing, start, end, window)
            found.setdefault(code, []).append(sign)
    return {code: sorted(s, key=lambda x: -x.strength) for code, s in found.items()}


def _by_word(spread: Floats, words: Sequence[tuple[str, int, int]]) -> Floats:
    return np.stack([spread[start:end].sum(0) for _, start, end in words])


def _run(added: Floats, lengths: Sequence[int]) -> tuple[int, int]:
    """First and last word of the run that adds most above the window's usual, at most so long."""
    above = added - max(0.0, float(added.mean()))
    best, place = -np.inf, (0, 0)
    for first in range(len(above)):
        total, length = 0.0, 0
        for last in range(first, len(above)):
            total, length = total + float(above[last]), length + lengths[last]
            if length > MOST_LETTERS and last > first:
                break
            if total > best:
                best, place = total, (first, last)
    return place
