"""How near an action of the library is to the story at hand, by rare words they share."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

from knowledge_base.library import Library
from knowledge_base.words import repaired
from planner.claims import content_words, without_instructions
from planner.wording import pattern, templates

TELLING = 3.0  # weight of a word that about one action in twenty has
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

    def telling(self, text: str) -> dict[str, float]:
        """The words of a text that few actions of the library have, with their weight; no times."""
        words = {pattern("word.noun_of").sub("", w) or w for w in _words(text)}
        weighed = {w: self._weight(w) for w in words - set(templates()["word.times"].split())}
        return {w: weight for w, weight in weighed.items() if weight >= TELLING}

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
