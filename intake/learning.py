"""Reads a story's windows with what was learned from the exemplar banks. Nothing is kept of it.

Codes need the embedding model; red flags are heard from the words alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from intake.classifier import Classifier
from intake.grams import Floats
from intake.lessons import CODES, FLAGS, Lessons
from intake.lifts import Lifts
from intake.rules import Reading
from intake.signs import Sign, signs
from intake.windows import Window, joined, windows
from knowledge_base.embedder import Embedder, Progress
from knowledge_base.library import DATA

FLAG_FLOOR = 0.25  # of a flag's usual score
RUNS = (1, 2, 3)  # windows that are read together
LEAST_SPREAD = 1e-6


class Embeds(Protocol):
    """Anything that embeds queries."""

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors ``(len(texts), dimension)``."""
        ...


@dataclass(frozen=True)
class CodeSigns:
    """Signs of each code in single windows, strongest first, and what the story says as a whole.

    ``whole``: how far a code's score of the whole story lies from the mean of all codes, in
    standard deviations; ``windows``: how many there are; ``lifts``: which codes are told together.
    """

    by_code: dict[str, list[Sign]]
    whole: dict[str, float]
    windows: int
    lifts: Lifts

    def of(self, code: str) -> list[Sign]:
        """The signs of one code."""
        return self.by_code.get(code, [])


class SentenceReader:
    """Signs of problem codes in a story. Opened on first use."""

    def __init__(self, embedder: Embedder, cache_dir: Path, data_dir: Path = DATA) -> None:
        self._embedder = embedder
        self._lessons = Lessons(CODES, embedder, cache_dir, data_dir)
        self.version = self._lessons.version

    @property
    def classifier(self) -> Classifier:
        """The classifier of problem codes."""
        return self._lessons.classifier

    def signs(self, reading: Reading) -> CodeSigns:
        """Signs of each code in a story. Raises `EmbeddingModelUnusable`."""
        return code_signs(reading, self.classifier, self._embedder)

    def prepare(self, progress: Progress | None = None) -> None:
        """Learn now, telling how far it is, so that the first story does not wait for it."""
        self._lessons.prepare(progress)


def code_signs(reading: Reading, classifier: Classifier, embedder: Embeds) -> CodeSigns:
    """Signs of each code, window by window and over the whole story."""
    parts = windows(reading.view.text, reading.parts)
    opened = [reading.piece(w.text) for w in parts]
    vectors = embedder.queries([p.text for p in opened])
    scores = classifier.scores(opened, vectors)
    found = signs(reading, list(zip(parts, opened, strict=True)), classifier, scores)
    whole = _standing_out(reading, parts, classifier, vectors)
    return CodeSigns(found, whole, len(parts), classifier.lifts)


def _standing_out(
    reading: Reading, parts: Sequence[Window], classifier: Classifier, vectors: Floats
) -> dict[str, float]:
    """Scores of the story as one text, as distances from their mean."""
    story = joined(reading.view.text, parts, len(parts))
    if not story:
        return {}
    piece = reading.piece(story[0].text)
    (row,) = classifier.scores([piece], vectors.mean(0, keepdims=True))
    apart = (row - row.mean()) / max(float(row.std()), LEAST_SPREAD)
    return dict(zip(classifier.codes, apart.tolist(), strict=True))


@dataclass(frozen=True)
class FlagSigns:
    """Signs of each flag, strongest first, by how many windows were read together.

    A strength of 1 is what the flag's own sentences usually have. ``windows``: how many there are.
    """

    by_run: dict[int, dict[str, list[Sign]]]
    windows: int

    def of(self, flag: str, run: int) -> list[Sign]:
        """The signs of one flag in runs of so many windows."""
        return self.by_run[run].get(flag, [])


class FlagReader:
    """Signs of red flags in a story, from its words alone. Opened on first use."""

    def __init__(self, cache_dir: Path, data_dir: Path = DATA) -> None:
        self._lessons = Lessons(FLAGS, None, cache_dir, data_dir)
        self.version = self._lessons.version

    @property
    def classifier(self) -> Classifier:
        """The classifier of red flags."""
        return self._lessons.classifier

    def signs(self, reading: Reading) -> FlagSigns:
        """Signs of each flag in single windows, in two and in three that follow each other."""
        single = windows(reading.view.text, reading.parts)
        runs = {n: joined(reading.view.text, single, n) for n in RUNS}
        found = {n: self._signs(reading, parts) for n, parts in runs.items()}
        return FlagSigns(found, len(single))

    def _signs(self, reading: Reading, parts: tuple[Window, ...]) -> dict[str, list[Sign]]:
        nothing = np.zeros((len(parts), 0), np.float32)
        opened = [reading.piece(w.text) for w in parts]
        scores = self.classifier.scores(opened, nothing)
        told = list(zip(parts, opened, strict=True))
        return signs(reading, told, self.classifier, scores, FLAG_FLOOR)

    def left_out(self) -> Floats:
        """``(sentences, flags)``: what is said of each sentence of the bank without it."""
        return self._lessons.left_out()

    def prepare(self, progress: Progress | None = None) -> None:
        """Learn now, telling how far it is (half a minute on a new machine)."""
        self._lessons.prepare(progress)
