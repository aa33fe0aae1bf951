"""A classifier of sentences into problem codes or red flags, learned from an exemplar bank.

Kernel ridge regression over linear kernels (sentence vectors, words, letter sequences, and for red
flags words and concepts that stand together; a dimension of 0 leaves the vectors out):
closed form, so training takes seconds, is the same on every machine, and each exemplar's score
without itself comes for free. Hard contrasts weigh as much as positives.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from intake.grams import Floats, Grams
from intake.lifts import Lifts
from intake.negation import Standing
from intake.pieces import Piece
from intake.ridge import Ridge, centred

LEAST = {"words": 1, "letters": 2}
LEAST_TOGETHER = {**LEAST, "companions": 2, "concepts": 2}
FORM = "3"
LIKE = 0.35  # of a usual left-out score: so like a code that it is no example of its absence


@dataclass(frozen=True)
class Classifier:
    """Coefficients of every code over each kind of feature.

    ``discounts``: ``(codes, standings)``, how much a sign still says in each standing;
    ``lifts``: which codes are told together.
    """

    codes: tuple[str, ...]
    grams: tuple[Grams, ...]
    by_gram: tuple[Floats, ...]
    centre: Floats
    by_vector: Floats
    discounts: Floats
    lifts: Lifts

    def scores(self, texts: Sequence[Piece], vectors: Floats) -> Floats:
        """``(len(texts), codes)``: about 0 where a code is absent, towards 1 where it shows."""
        total = centred(vectors, self.centre) @ self.by_vector
        for grams, coefficients in zip(self.grams, self.by_gram, strict=True):
            total = total + grams.rows(texts) @ coefficients
        return np.asarray(total, np.float32)

    def spread(self, text: Piece, codes: NDArray[np.intp]) -> Floats:
        """What each letter of a text adds to some codes: ``(letters, len(codes))``."""
        parts = [g.spread(text, c, codes) for g, c in zip(self.grams, self.by_gram, strict=True)]
        total: Floats = np.sum(parts, axis=0)
        return total

    def save(self, file: Path) -> None:
        """Write to an ``.npz`` file, whole or not at all."""
        draft = file.with_name(f".{file.name}.draft.npz")
        arrays: dict[str, object] = {"codes": self.codes, "centre": self.centre}
        arrays["families"] = tuple(grams.family for grams in self.grams)
        arrays |= {"by_vector": self.by_vector, "discounts": self.discounts}
        arrays["lifts"] = self.lifts.table
        for grams, coefficients in zip(self.grams, self.by_gram, strict=True):
            arrays[f"{grams.family}.columns"] = grams.columns
            arrays[f"{grams.family}.idf"] = grams.idf
            arrays[f"{grams.family}.by"] = coefficients.astype(np.float16)
        np.savez(draft, **arrays)  # type: ignore[arg-type]
        draft.replace(file)

    @classmethod
    def load(cls, file: Path) -> Classifier:
        """Read what `save` wrote. Raises `OSError`, `ValueError` or `KeyError` if it cannot."""
        try:
            with file.open("rb") as content, np.load(content, allow_pickle=False) as kept:
                return cls._of(kept)
        except (BadZipFile, EOFError, zlib.error) as error:
            raise ValueError(type(error).__name__) from error

    @classmethod
    def _of(cls, kept: Mapping[str, NDArray[Any]]) -> Classifier:
        families = [str(f) for f in kept["families"]]
        codes = tuple(str(c) for c in kept["codes"])
        return cls(
            codes,
            tuple(Grams(f, kept[f"{f}.columns"], kept[f"{f}.idf"]) for f in families),
            tuple(kept[f"{f}.by"].astype(np.float32) for f in families),
            kept["centre"],
            kept["by_vector"],
            kept["discounts"],
            Lifts(codes, kept["lifts"]),
        )


@dataclass(frozen=True)
class Trained:
    """A classifier and what it says of each exemplar when that one is left out."""

    classifier: Classifier
    left_out: Floats
    shown: Floats


def train(
    texts: Sequence[Piece],
    shown: Sequence[frozenset[str]],
    vectors: Floats,
    codes: Sequence[str],
    unjudged: int = 0,
    least: Mapping[str, int] = MappingProxyType(LEAST),
) -> Trained:
    """Learn from texts and the codes each shows. ``vectors``: ``(len(texts), dimension)``.

    ``least``: the families of features, and in how many texts one must stand to count. Nobody has
    judged the last ``unjudged`` texts: they count as absences, but where one is like a code it
    counts as nothing (its target becomes what the others say of it).
    """
    truth = np.array([[code in have for code in codes] for have in shown], np.float64)
    lifts = Lifts.learned(codes, truth)
    ridge = Ridge.opened(texts, vectors, least)
    if unjudged:
        truth = _softened(truth, ridge.left_out(truth), unjudged)
    by_gram, by_vector = ridge.by_feature(ridge.dual(truth))
    ones = np.ones((len(codes), len(Standing)), np.float32)
    made = Classifier(tuple(codes), ridge.grams, by_gram, ridge.centre, by_vector, ones, lifts)
    left_out = ridge.left_out(truth)
    return Trained(made, left_out.astype(np.float32), truth.astype(np.float32))


def usual(trained: Trained) -> Floats:
    """``(codes,)``: the middle left-out score of the texts that show a code."""
    columns = zip(trained.left_out.T, trained.shown.T, strict=True)
    return np.array([np.median(score[shown == 1.0]) for score, shown in columns], np.float32)


def scaled(classifier: Classifier, scale: Floats) -> Classifier:
    """The classifier with each code's scores divided by its scale, so that codes compare."""
    return replace(
        classifier,
        by_gram=tuple(np.asarray(c / scale, np.float32) for c in classifier.by_gram),
        by_vector=np.asarray(classifier.by_vector / scale, np.float32),
    )


def _softened(
    truth: NDArray[np.float64], left_out: NDArray[np.float64], unjudged: int
) -> NDArray[np.float64]:
    judged = len(truth) - unjudged
    made = truth.copy()
    for column in range(truth.shape[1]):
        own = left_out[:judged, column][truth[:judged, column] == 1.0]
        others = left_out[judged:, column]
        like = others > LIKE * np.median(own)
        made[judged:, column][like] = np.clip(others[like], 0.0, 1.0)
    return made
