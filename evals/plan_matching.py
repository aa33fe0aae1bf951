"""Whether a plan covers an element an expert wants: the matcher of the drafting figures.

An element and the plan's sentences are read as words of meaning (stop words out, words of one
group of ``data/plan-words.yaml`` made one), each weighted by how rare it is in the intervention
library. Up to `TOGETHER` sentences may cover an element together, since experts write several
steps in a line. The score is the covered share of weight, mixed with the closeness of the nearest
single sentence where an embedder is given. It was frozen, with its threshold, on two controls
before any plan was tuned: an empty plan scores 0 and the plan of another story at most .25.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

from knowledge_base.library import Library
from knowledge_base.words import words

THRESHOLD = 0.5
TOGETHER = 2
NEAR_LOW, NEAR_HIGH = 0.82, 0.92  # cosines of e5 between unrelated and same-meaning sentences
LEXICAL = 0.75
Embed = Callable[[Sequence[str]], np.ndarray[Any, Any]]


class PlanMatcher:
    """Scores elements against sentences; without ``embed`` (normalised rows) by words only."""

    def __init__(self, library: Library, embed: Embed | None = None) -> None:
        self._embed = embed
        texts = [a.text_th for i in library.interventions.values() for a in i.actions]
        self._count = len(texts)
        self._found = Counter(w for t in texts for w in meaning(t))

    def covers(self, element: str, sentences: Sequence[str]) -> bool:
        """Whether the sentences cover the element."""
        return self.score(element, sentences) >= THRESHOLD

    def score(self, element: str, sentences: Sequence[str]) -> float:
        """0–1: the covered share of the element's weight, mixed with closeness."""
        wanted = meaning(element)
        if not sentences or not wanted:
            return 0.0
        lexical = self._share(wanted, sentences)
        if self._embed is None:
            return lexical
        cosine = _nearest(self._embed, element, sentences)
        near = max(0.0, min(1.0, (cosine - NEAR_LOW) / (NEAR_HIGH - NEAR_LOW)))
        return LEXICAL * lexical + (1 - LEXICAL) * near

    def _share(self, wanted: frozenset[str], sentences: Sequence[str]) -> float:
        left, covered = set(wanted), 0.0
        bags = [meaning(s) for s in sentences]
        for _ in range(TOGETHER):
            best = max(bags, key=lambda b: self._weight(left & b))
            covered += self._weight(left & best)
            left -= best
        return covered / self._weight(wanted)

    def _weight(self, found: Iterable[str]) -> float:
        return sum(math.log(1 + self._count / (1 + self._found[w])) for w in found)


def _nearest(embed: Embed, element: str, sentences: Sequence[str]) -> float:
    return float((embed(list(sentences)) @ embed([element])[0]).max())


@cache
def _data() -> tuple[dict[str, str], frozenset[str]]:
    file = resources.files("evals").joinpath("data", "plan-words.yaml")
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    same = {word: group[0] for group in data["same"] for word in group}
    return same, frozenset(data["stop"])


@cache
def meaning(text: str) -> frozenset[str]:
    """The words of meaning of a text, one word for each group of the same meaning."""
    same, stop = _data()
    found = [same.get(w, w) for w in words(text)]
    return frozenset(w for w in found if w not in stop and len(w) > 1)


_DENIED = re.compile(r"(?:ไม่|ห้าม|อย่า|งด|เลี่ยง|แทนการ)")


def affirmed(sentence: str) -> str:
    """The phrases of a sentence that recommend, without those that deny."""
    return " ".join(p for p in sentence.split() if not _DENIED.search(p))
