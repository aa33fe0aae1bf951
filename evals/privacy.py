"""How much of what identifies people is masked, and how much else is masked with it.

Recall is counted by characters and by whole entities: an entity is found when every character of
it is masked, whatever type the masker gave it. Precision is counted by characters over the types
the set annotates. Intervals resample whole texts, for the names of one text depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evals.privacy_sets import Labelled
from intake.entities import Entity
from intake.privacy_rules import load_privacy_rules

RESAMPLES, SEED = 1000, 20260101
ALL = "ALL"
GOLD, COVERED, ENTITIES, FOUND, MASKED, RIGHT = range(6)
Counts = NDArray[np.int64]


class Finds(Protocol):
    """Anything that finds identifying words."""

    def find(self, text: str) -> list[Entity]:
        """Their places and types, without overlap."""


def evaluate_privacy(
    texts: Sequence[Labelled], masker: Finds, step: Callable[[float, str], None] | None = None
) -> dict[str, Any]:
    """Figures over labelled texts with 95 % intervals (``ci``), what was ``missed``, ``n``.

    ``{recall, precision, entity_recall, by_type: {T: {recall, precision, entity_recall, …}}}``;
    1.0 where nothing could be missed or nothing was masked.
    """
    types = [ALL, *sorted({t for text in texts for t in text.types})]
    counts = np.zeros((len(texts), len(types), 6), dtype=np.int64)
    missed: list[dict[str, Any]] = []
    for i, text in enumerate(texts):
        found = masker.find(text.text)
        counts[i] = [count(text, found, None if t == ALL else t) for t in types]
        missed += [
            {"id": text.id, "type": e.type, "text": text.text[e.start : e.end]}
            for e in text.gold
            if not _within(e, _characters(found))
        ]
        if step:
            step((i + 1) / len(texts), "")
    report = figures(counts.sum(axis=0), types)
    return {**report, "ci": intervals(counts, types), "missed": missed, "n": len(texts)}


def count(text: Labelled, found: Iterable[Entity], kind: str | None) -> list[int]:
    """Characters due, covered; entities due, found; characters masked, rightly masked.

    Of one type, or of all the set annotates when ``kind`` is None. A title in front of a name
    counts neither as right nor as wrong.
    """
    found = list(found)
    covered = _characters(found)
    gold = [e for e in text.gold if kind in (None, e.type)]
    wanted = text.types if kind is None else {kind}
    masked = _characters(e for e in found if e.type in wanted) - _titles(text)
    return [
        len(_characters(gold)),
        len(_characters(gold) & covered),
        len(gold),
        sum(_within(e, covered) for e in gold),
        len(masked),
        len(masked & _characters(text.gold)),
    ]


def figures(counts: Counts, types: Sequence[str]) -> dict[str, Any]:
    """Figures of summed counts, shape (types, 6), the first type being all of them."""
    by_type = {t: _figures_of(counts[i]) for i, t in enumerate(types)}
    return {**by_type.pop(ALL), "by_type": by_type}


def intervals(
    counts: Counts, types: Sequence[str], resamples: int = RESAMPLES
) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals by figure (``recall``, ``PERSON.recall``, …), texts resampled."""
    if not len(counts):
        return {}
    random = np.random.default_rng(SEED)
    weights = random.multinomial(len(counts), [1 / len(counts)] * len(counts), resamples)
    drawn = np.tensordot(weights, counts, axes=1)
    found: dict[str, tuple[float, float]] = {}
    for i, kind in enumerate(types):
        for name, (part, whole) in _RATIOS.items():
            shares = np.where(
                drawn[:, i, whole] > 0, drawn[:, i, part] / np.maximum(drawn[:, i, whole], 1), 1.0
            )
            low, high = np.quantile(shares, [0.025, 0.975])
            key = name if kind == ALL else f"{kind}.{name}"
            found[key] = (round(float(low), 4), round(float(high), 4))
    return found


_RATIOS = {
    "recall": (COVERED, GOLD),
    "entity_recall": (FOUND, ENTITIES),
    "precision": (RIGHT, MASKED),
}


def _figures_of(counts: Counts) -> dict[str, Any]:
    shares = {
        name: float(counts[part] / counts[whole]) if counts[whole] else 1.0
        for name, (part, whole) in _RATIOS.items()
    }
    return {**shares, "characters": int(counts[GOLD]), "entities": int(counts[ENTITIES])}


def _characters(entities: Iterable[Entity]) -> set[int]:
    return {i for e in entities for i in range(e.start, e.end)}


def _within(entity: Entity, covered: set[int]) -> bool:
    return all(i in covered for i in range(entity.start, entity.end))


def _titles(text: Labelled) -> set[int]:
    """Characters of titles and kinship words that stand directly before an annotated name."""
    rules = load_privacy_rules()
    starts = {e.start for e in text.gold if e.type == "PERSON"}
    before = {
        i
        for cue in rules.cues
        for match in cue.pattern.finditer(text.text)
        if match.end() in starts and not cue.outside
        for i in range(*match.span())
    }
    return before - _characters(text.gold)
