"""Learns the sentence classifier from the exemplar bank once, and keeps it beside the model.

The kept file is named by the hash of everything it was learned from, so a changed bank, model or
rule of denial learns anew. Deleting it is harmless.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from intake.classifier import FORM, Classifier, train
from intake.grams import Floats
from intake.negation import Standing
from intake.normal import levelled
from intake.rules import Reading, read
from intake.signs import STANDINGS, Sign, signs
from intake.windows import Window, windows
from knowledge_base.embedder import Embedder, Progress
from knowledge_base.exemplars import Exemplar, exemplars_hash, load_exemplars
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import DATA

LEVELLING = ("spoken.yaml", "dialect.yaml", "negation.yaml")
PRIOR = 5.0  # exemplars' worth of the overall share
LEAST_DISCOUNT = 0.2
log = logging.getLogger(__name__)


class SentenceReader:
    """Reads a story's windows with what was learned. Opened on first use."""

    def __init__(self, embedder: Embedder, cache_dir: Path, data_dir: Path = DATA) -> None:
        self._embedder = embedder
        self._exemplars = load_exemplars(data_dir)
        self.version = self._digest(data_dir)
        self._file = cache_dir / f"codes-{self.version}.npz"
        self._kept = KeptVectors(cache_dir)

    def signs(self, reading: Reading) -> dict[str, list[Sign]]:
        """Signs of each code in a story, strongest first."""
        parts = windows(reading.view.text, reading.parts)
        texts = [w.text for w in parts]
        scores = self.classifier.scores(texts, self._embedder.queries(texts))
        return signs(reading, parts, self.classifier, scores)

    def prepare(self, progress: Progress | None = None) -> None:
        """Learn now, with a progress bar, so that the first story does not wait for it."""
        if not self._file.exists():
            self._kept.of_sentences(self._sentences(), self._embedder, progress)
        _ = self.classifier

    def _sentences(self) -> list[str]:
        return [levelled(e.text).text for e in self._exemplars]

    @cached_property
    def classifier(self) -> Classifier:
        """The kept classifier, or one learned now (seconds once the vectors are kept)."""
        try:
            return Classifier.load(self._file)
        except (OSError, ValueError, KeyError):
            learned = self._learn()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        learned.save(self._file)
        return learned

    def _learn(self) -> Classifier:
        texts = self._sentences()
        codes = sorted({e.home for e in self._exemplars})
        vectors = self._kept.of_sentences(texts, self._embedder)
        plain = train(texts, [e.codes for e in self._exemplars], vectors, codes).classifier
        log.info("coding.classifier_learned", extra={"exemplars": len(texts)})
        return replace(plain, discounts=discounts(self._exemplars, plain))

    def _digest(self, data_dir: Path) -> str:
        digest = hashlib.sha256(exemplars_hash(self._exemplars).encode())
        digest.update(f"{FORM} {self._embedder.name}".encode())
        for file in LEVELLING:
            digest.update((data_dir / file).read_bytes())
        return digest.hexdigest()[:16]


def discounts(exemplars: Sequence[Exemplar], classifier: Classifier) -> Floats:
    """How much less a sign says in each standing: ``(codes, standings)``, at most 1.

    The share of the standing among exemplars of the code over its share among contrasts: hunger
    is told by denials ("there is no rice"), drug use is not.
    """
    shown, contrast = Counter[tuple[str, Standing]](), Counter[tuple[str, Standing]]()
    for exemplar in exemplars:
        for code, standing in _standings(exemplar, classifier):
            (shown if code in exemplar.codes else contrast)[code, standing] += 1
    own, other = _shares(shown, classifier.codes), _shares(contrast, classifier.codes)
    table = np.clip(own / other, LEAST_DISCOUNT, 1.0)
    table[:, STANDINGS.index(Standing.STATED)] = 1.0
    return np.asarray(table, np.float32)


def _standings(exemplar: Exemplar, classifier: Classifier) -> list[tuple[str, Standing]]:
    reading = read(exemplar.text)
    row = np.full((1, len(classifier.codes)), -1.0, np.float32)
    for code in exemplar.codes | {exemplar.home}:
        row[0, classifier.codes.index(code)] = 1.0
    found = signs(reading, [Window(0, reading.view.text)], classifier, row)
    return [(code, each[0].standing) for code, each in found.items()]


def _shares(counts: Counter[tuple[str, Standing]], codes: Sequence[str]) -> Floats:
    """Share of each standing for each code, drawn towards the share over all codes."""
    table = np.array([[counts[code, s] for s in STANDINGS] for code in codes], np.float32)
    usual = (table.sum(0) + 0.5) / table.sum()
    return np.asarray((table + PRIOR * usual) / (table.sum(1, keepdims=True) + PRIOR), np.float32)
