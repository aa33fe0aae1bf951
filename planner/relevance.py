"""How near an action of the library is to the story at hand, by rare words they share."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

from knowledge_base.library import Library
from knowledge_base.words import repaired
from planner.claims import content_words, without_instructions

_counted: dict[str, Counter[str]] = {}


class Relevance:
    """Weighs actions against one narrative; the rarity of words is counted once per library."""

    def __init__(self, library: Library, narrative: str) -> None:
        self._narrative = repaired(without_instructions(narrative))
        self._found = _rarity(library)
        self._count = sum(len(i.actions) for i in library.interventions.values())

    def of(self, text: str) -> float:
        """The weighed share of a text's words that stand in the narrative, 0–1."""
        said = _words(text)
        whole = sum(map(self._weight, said))
        held = sum(self._weight(w) for w in said if w in self._narrative)
        return held / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return math.log(1 + self._count / (1 + self._found[word]))


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(content_words(text)) - {"client", "child", "place", "date"}


def _rarity(library: Library) -> Counter[str]:
    if library.version not in _counted:
        texts = [a.text_th for i in library.interventions.values() for a in i.actions]
        _counted[library.version] = Counter(w for t in texts for w in _words(t))
    return _counted[library.version]
