"""How much of a draft people changed, in characters, measured where the words may be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.decided_words import kept_text
from planner.schemas import Ink, Sentence
from runtime.edit_distance import edit_distance


def plan_edit(
    sentences: Iterable[Sentence], decided: Mapping[str, Mapping[str, Any]]
) -> tuple[int, int]:
    """``(distance, characters)`` over the claims of a draft and what was decided about each.

    The distance is Levenshtein's, sentence by sentence; a struck sentence loses all its letters.
    ``characters`` counts the longer of both texts, so that distance ≤ characters.
    """
    distance = characters = 0
    for sentence in sentences:
        if sentence.ink is Ink.FRAME:
            continue
        kept = kept_text(sentence.text, decided.get(sentence.id, {}))
        distance += edit_distance(sentence.text, kept)
        characters += max(len(sentence.text), len(kept))
    return distance, characters
