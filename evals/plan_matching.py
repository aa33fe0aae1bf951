"""Whether a plan covers an element an expert wants: the matcher of the drafting figures.

Two views of an element are added up. *Words*: it and a sentence are read as words of meaning (stop
words out, words of one group of ``data/plan-words.yaml`` made one), weighted by how rare they are
in the intervention library; the covered share of the best sentence counts. *Nearness*: sentences
are compared by their vectors, with what all library actions have in common taken out, and against
the element's own scale: how much nearer the plan's nearest sentence is than the library's
twentieth nearest action. "The library" is the one of ``data/plan-scale.yaml``: actions added later
measure nothing, or each of them would make every element harder. An empty plan scores 0, and the
plans of other stories must cover at most a quarter (``docs/evaluation.md`` has the calibration,
which came before any plan was tuned).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
import yaml

from knowledge_base.interventions import Action
from knowledge_base.library import Library
from knowledge_base.words import repaired, words

THRESHOLD = 0.5
WORDS = 0.3  # weight of the words beside nearness
BAR = 0.165  # words and nearness together at which a plan covers an element
COMMON, SCALE = 5, 20  # directions taken out; which of the library's actions sets the scale
Vectors = np.ndarray[Any, Any]
Embed = Callable[[Sequence[str]], Vectors]


class PlanMatcher:
    """Scores elements against sentences; ``embed`` gives normalised rows, each text asked once."""

    def __init__(self, library: Library, embed: Embed) -> None:
        self._texts = [a.text_th for a in scale_actions(library)]
        self._rarity = _Rarity([repaired(t) for t in self._texts])
        self._embed = remembered(embed)

    def prepare(self) -> None:
        """Embed the library's actions now instead of with the first element."""
        _ = self._space

    def covers(self, element: str, sentences: Sequence[str]) -> bool:
        """Whether the sentences cover the element."""
        return self.score(element, sentences) >= THRESHOLD

    def score(self, element: str, sentences: Sequence[str]) -> float:
        """0–1, `THRESHOLD` at the bar."""
        if not sentences or not wanted(element):
            return 0.0
        near = self._near(element, sentences)
        both = WORDS * self.share(element, sentences) + near
        return max(0.0, min(1.0, THRESHOLD + both - BAR))

    def share(self, element: str, sentences: Sequence[str]) -> float:
        """0–1: the covered share of the element's weighed words in the best sentence."""
        asked = wanted(element)
        whole = sum(map(self._rarity.weight, asked))
        told = [repaired(s) for s in sentences]
        best = max(sum(self._rarity.weight(g) for g in asked if _in(g, t)) for t in told)
        return best / whole if whole else 0.0

    def _near(self, element: str, sentences: Sequence[str]) -> float:
        mean, common, library = self._space
        one = _centred(self._embed([element]), mean, common)[0]
        told = _centred(self._embed(sentences), mean, common)
        return float((told @ one).max() - np.partition(library @ one, -SCALE)[-SCALE])

    @cached_property
    def _space(self) -> tuple[Vectors, Vectors, Vectors]:
        """The library's mean, its common directions, and its actions without them."""
        rows = self._embed(self._texts)
        mean = rows.mean(axis=0)
        common = np.linalg.svd(rows - mean, full_matrices=False)[2][:COMMON]
        return mean, common, _centred(rows, mean, common)


def scale_actions(library: Library) -> list[Action]:
    """The library's actions that set the scale; those that came after it was frozen do not."""
    last: dict[str, int] = _read("plan-scale")["actions"]
    every = (a for i in library.interventions.values() for a in i.actions)
    return [
        a for a in every if int(a.id.rpartition(".a")[2]) <= last.get(a.id.partition(".")[0], 0)
    ]


class _Rarity:
    """How rare a group of words is among some texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._known: dict[tuple[str, ...], float] = {}

    def weight(self, group: tuple[str, ...]) -> float:
        if group not in self._known:
            found = sum(_in(group, t) for t in self._texts)
            self._known[group] = math.log(1 + len(self._texts) / (1 + found))
        return self._known[group]


def _in(group: Iterable[str], text: str) -> bool:
    return any(word in text for word in group)


def _centred(rows: Vectors, mean: Vectors, common: Vectors) -> Vectors:
    left = rows - mean
    left = left - (left @ common.T) @ common
    unit: Vectors = left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
    return unit


@cache
def wanted(element: str) -> frozenset[tuple[str, ...]]:
    """The words of meaning of an element, each as the group of words that mean the same."""
    groups, stop = _data()
    found = {groups.get(w, (w,)) for w in words(element) if len(w) > 1 and w not in stop}
    return frozenset(g for g in found if g[0] not in stop)


@cache
def _read(name: str) -> dict[str, Any]:
    file = resources.files("evals").joinpath("data", f"{name}.yaml")
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


@cache
def _data() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    data = _read("plan-words")
    groups = {word: tuple(group) for group in data["same"] for word in group}
    return groups, frozenset(data["stop"])


@cache
def meaning(text: str) -> frozenset[str]:
    """The words of meaning of a text, one word for each group of the same meaning."""
    groups, stop = _data()
    found = [groups.get(w, (w,))[0] for w in words(text)]
    return frozenset(w for w in found if w not in stop and len(w) > 1)


def affirmed(sentence: str) -> str:
    """The phrases of a sentence that recommend, without those that deny."""
    denied = _pattern("denied")
    return " ".join(p for p in sentence.split() if not denied.search(p))


def guarded(element: str) -> tuple[str, str]:
    """A forbidden act and the safeguard whose absence makes it wrong ('' when it is always wrong).

    ``telling the father without assessing the risk`` is not broken by a plan that assesses first.
    """
    found = _pattern("without").search(element)
    return (element[: found.start()], element[found.end() :]) if found else (element, "")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_read("plan-words")[name])


def remembered(embed: Embed) -> Embed:
    """The same vectors, each text embedded once: plans of one library share most sentences."""
    known: dict[str, np.ndarray[Any, Any]] = {}

    def ask(texts: Sequence[str]) -> np.ndarray[Any, Any]:
        fresh = [t for t in dict.fromkeys(texts) if t not in known]
        if fresh:
            known.update(zip(fresh, embed(fresh), strict=True))
        return np.stack([known[t] for t in texts])

    return ask
