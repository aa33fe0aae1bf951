"""Learns one classifier of sentences from one exemplar bank, once, and keeps it beside the model.

The kept file is named by the hash of everything it was learned from, so a changed bank, model or
rule of denial learns anew. Deleting it is harmless.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from intake.classifier import (
    FORM,
    LEAST,
    LEAST_TOGETHER,
    Classifier,
    Trained,
    scaled,
    train,
    usual,
)
from intake.grams import Floats
from intake.negation import Standing
from intake.normal import levelled
from intake.pieces import Piece, pieces
from intake.rules import read
from intake.signs import STANDINGS, signs
from intake.windows import Window
from intake.words import FILES as WORD_FILES
from knowledge_base.embedder import Embedder, Progress
from knowledge_base.exemplar_stories import STORY_FOLDER, load_code_exemplars
from knowledge_base.exemplars import (
    FLAG_FOLDER,
    FOLDER,
    SENTENCE_FOLDERS,
    Exemplar,
    files_hash,
    load_exemplars,
    load_flag_exemplars,
)
from knowledge_base.kept_vectors import KeptVectors
from runtime.kept_folders import alone

LEVELLING = ("spoken.yaml", "dialect.yaml", "negation.yaml")
PRIOR = 5.0  # exemplars' worth of the overall share
LEAST_DISCOUNT = 0.2
TOLD_EVERY = 50  # sentences
READ, EMBEDDED, LEARNED = 0.3, 0.4, 0.9  # shares of the time that learning takes
log = logging.getLogger(__name__)
Bank = Callable[[Path], tuple[Exemplar, ...]]


@dataclass(frozen=True)
class Subject:
    """What is learned: from which bank, from which features, against which bank as background.

    Red flags are learned without sentence vectors, which added nothing measurable there: so they
    are heard while the embedding model is missing, too.
    """

    name: str
    folders: tuple[str, ...]
    bank: Bank
    least: Mapping[str, int]
    background: Bank | None = None
    files: tuple[str, ...] = LEVELLING


CODES = Subject("codes", (*SENTENCE_FOLDERS, STORY_FOLDER), load_code_exemplars, LEAST)
FLAGS = Subject(
    "flags",
    (FLAG_FOLDER, FOLDER),
    load_flag_exemplars,
    LEAST_TOGETHER,
    load_exemplars,
    (*LEVELLING, *WORD_FILES),
)


class Lessons:
    """The classifier of one subject. Learned or opened on first use.

    Without an ``embedder`` it is learned from the words alone.
    """

    def __init__(
        self, subject: Subject, embedder: Embedder | None, cache_dir: Path, data_dir: Path
    ) -> None:
        self._subject = subject
        self._embedder = embedder
        self._data_dir = data_dir
        self.version = self._digest()
        self._file = cache_dir / f"{subject.name}-{self.version}.npz"
        self._kept = KeptVectors(cache_dir)
        self._opened: Classifier | None = None

    @property
    def classifier(self) -> Classifier:
        """The kept classifier, or one learned now (seconds once the vectors are kept)."""
        return self.prepare()

    def prepare(self, progress: Progress | None = None) -> Classifier:
        """Open what is kept or learn now, telling how far it is; one process learns, others wait.

        What cannot be kept is learned all the same, and is learned anew by the next process.
        """
        if self._opened is None:
            self._opened = self._load() or self._learned_alone(progress)
        return self._opened

    def _learned_alone(self, progress: Progress | None) -> Classifier:
        try:
            with alone(self._file.with_suffix(".lock")):
                return self._load() or self._save(self._learn(progress))
        except OSError as error:
            log.warning("coding.cache_unusable", extra={"reason": type(error).__name__})
            return self._learn(progress)

    def _load(self) -> Classifier | None:
        """What is kept; nothing where there is none or it is torn (a machine that lost power)."""
        try:
            return Classifier.load(self._file)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError) as error:
            extra = {"file": self._file.name, "reason": type(error).__name__}
            log.warning("coding.kept_classifier_unreadable", extra=extra)
            return None

    def _save(self, learned: Classifier) -> Classifier:
        try:
            learned.save(self._file)
        except OSError as error:
            log.warning("coding.cache_unusable", extra={"reason": type(error).__name__})
        return learned

    @cached_property
    def _bank(self) -> tuple[Exemplar, ...]:
        return self._subject.bank(self._data_dir)

    @cached_property
    def _background(self) -> tuple[Exemplar, ...]:
        other = self._subject.background
        return other(self._data_dir) if other else ()

    def left_out(self) -> Floats:
        """``(sentences, codes)``: each sentence of the bank, scored by what the others taught.

        In the classifier's own scale. Learns anew, for what is kept has every sentence in it.
        """
        trained = self._trained(self._opened_bank())
        said = trained.left_out[: len(self._bank)]
        return np.asarray(said / usual(trained) if self._background else said, np.float32)

    def _learn(self, progress: Progress | None = None) -> Classifier:
        opened = self._opened_bank(progress)
        trained = self._trained(opened, progress)
        plain = trained.classifier
        log.info("coding.classifier_learned", extra={"exemplars": len(self._bank)})
        made = replace(plain, discounts=discounts(self._bank, opened, plain))
        _tell(progress, 1.0)
        return scaled(made, usual(trained)) if self._background else made

    def _opened_bank(self, progress: Progress | None = None) -> list[Piece]:
        """Every sentence with its features, each read once: training and discounts share them."""
        opened = pieces(levelled(e.text).text for e in (*self._bank, *self._background))
        for n, piece in enumerate(opened, 1):
            for family in self._subject.least:
                piece.features(family)
            if n % TOLD_EVERY == 0:
                _tell(progress, READ * n / len(opened))
        return opened

    def _trained(self, opened: list[Piece], progress: Progress | None = None) -> Trained:
        behind = len(self._background)
        vectors = np.zeros((len(opened), 0), np.float32)
        if self._embedder:
            step = between(progress, READ, READ + EMBEDDED) if progress else None
            vectors = self._kept.of_sentences([p.text for p in opened], self._embedder, step)
        known = sorted({e.home for e in self._bank})
        shown = [e.codes for e in self._bank] + [frozenset[str]()] * behind
        made = train(opened, shown, vectors, known, behind, self._subject.least)
        _tell(progress, LEARNED)
        return made

    def _digest(self) -> str:
        model = self._embedder.name if self._embedder else ""
        digest = hashlib.sha256(f"{FORM} {model}".encode())
        for folder in self._subject.folders:
            digest.update(files_hash(self._data_dir / folder).encode())
        for file in self._subject.files:
            digest.update((self._data_dir / file).read_bytes())
        return digest.hexdigest()[:16]


def between(progress: Progress, start: float, end: float) -> Progress:
    """A part of a longer task's progress."""

    def step(share: float, note: str) -> None:
        progress(start + share * (end - start), note)

    return step


def _tell(progress: Progress | None, share: float) -> None:
    if progress:
        progress(share, "")


def discounts(
    exemplars: Sequence[Exemplar], opened: Sequence[Piece], classifier: Classifier
) -> Floats:
    """How much less a sign says in each standing: ``(codes, standings)``, at most 1.

    The share of the standing among exemplars of the code over its share among contrasts: hunger
    is told by denials ("there is no rice"), drug use is not.
    """
    shown, contrast = Counter[tuple[str, Standing]](), Counter[tuple[str, Standing]]()
    for exemplar, piece in zip(exemplars, opened, strict=False):
        for code, standing in _standings(exemplar, piece, classifier):
            (shown if code in exemplar.codes else contrast)[code, standing] += 1
    own, other = _shares(shown, classifier.codes), _shares(contrast, classifier.codes)
    table = np.clip(own / other, LEAST_DISCOUNT, 1.0)
    table[:, STANDINGS.index(Standing.STATED)] = 1.0
    return np.asarray(table, np.float32)


def _standings(
    exemplar: Exemplar, piece: Piece, classifier: Classifier
) -> list[tuple[str, Standing]]:
    reading = read(exemplar.text)
    row = np.full((1, len(classifier.codes)), -1.0, np.float32)
    for code in exemplar.codes | {exemplar.home}:
        row[0, classifier.codes.index(code)] = 1.0
    found = signs(reading, [(Window(0, piece.text), piece)], classifier, row)
    return [(code, each[0].standing) for code, each in found.items()]


def _shares(counts: Counter[tuple[str, Standing]], codes: Sequence[str]) -> Floats:
    """Share of each standing for each code, drawn towards the share over all codes."""
    table = np.array([[counts[code, s] for s in STANDINGS] for code in codes], np.float32)
    usual_share = (table.sum(0) + 0.5) / table.sum()
    drawn = (table + PRIOR * usual_share) / (table.sum(1, keepdims=True) + PRIOR)
    return np.asarray(drawn, np.float32)
