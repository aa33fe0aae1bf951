"""A classifier of sentences into problem codes, learned from the exemplar bank.

Kernel ridge regression over three linear kernels (sentence vectors, words, letter sequences):
closed form, so training takes seconds, is the same on every machine, and each exemplar's score
without itself comes for free. Hard contrasts weigh as much as positives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.grams import Floats, Grams
from intake.negation import Standing

RIDGE = 2.0
LEAST = {"words": 1, "letters": 2}
FORM = "1"


@dataclass(frozen=True)
class Classifier:
    """Coefficients of every code over each kind of feature.

    ``discounts``: ``(codes, standings)``, how much a sign still says in each standing.
    """

    codes: tuple[str, ...]
    grams: tuple[Grams, ...]
    by_gram: tuple[Floats, ...]
    centre: Floats
    by_vector: Floats
    discounts: Floats

    def scores(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """``(len(texts), codes)``: about 0 where a code is absent, towards 1 where it shows."""
        total = _centred(vectors, self.centre) @ self.by_vector
        for grams, coefficients in zip(self.grams, self.by_gram, strict=True):
            total = total + grams.rows(texts) @ coefficients
        return np.asarray(total, np.float32)

    def spread(self, text: str, codes: NDArray[np.intp]) -> Floats:
        """What each letter of a text adds to some codes: ``(len(text), len(codes))``."""
        parts = [g.spread(text, c, codes) for g, c in zip(self.grams, self.by_gram, strict=True)]
        total: Floats = np.sum(parts, axis=0)
        return total

    def save(self, file: Path) -> None:
        """Write to an ``.npz`` file, whole or not at all."""
        draft = file.with_name(f".{file.name}.draft.npz")
        arrays: dict[str, object] = {"codes": self.codes, "centre": self.centre}
        arrays |= {"by_vector": self.by_vector, "discounts": self.discounts}
        for grams, coefficients in zip(self.grams, self.by_gram, strict=True):
            arrays[f"{grams.family}.columns"] = grams.columns
            arrays[f"{grams.family}.idf"] = grams.idf
            arrays[f"{grams.family}.by"] = coefficients.astype(np.float16)
        np.savez(draft, **arrays)  # type: ignore[arg-type]
        draft.replace(file)

    @classmethod
    def load(cls, file: Path) -> Classifier:
        """Read what `save` wrote. Raises `OSError`, `ValueError` or `KeyError` if it cannot."""
        with np.load(file, allow_pickle=False) as kept:
            return cls(
                tuple(str(c) for c in kept["codes"]),
                tuple(Grams(f, kept[f"{f}.columns"], kept[f"{f}.idf"]) for f in LEAST),
                tuple(kept[f"{f}.by"].astype(np.float32) for f in LEAST),
                kept["centre"],
                kept["by_vector"],
                kept["discounts"],
            )


@dataclass(frozen=True)
class Trained:
    """A classifier and what it says of each exemplar when that one is left out."""

    classifier: Classifier
    left_out: Floats
    shown: Floats


def train(
    texts: Sequence[str], shown: Sequence[frozenset[str]], vectors: Floats, codes: Sequence[str]
) -> Trained:
    """Learn from texts and the codes each shows. ``vectors``: ``(len(texts), dimension)``."""
    truth = np.array([[code in have for code in codes] for have in shown], np.float64)
    grams = tuple(Grams.learned(family, texts, least) for family, least in LEAST.items())
    rows = [g.rows(texts) for g in grams]
    centre = vectors.mean(0)
    centred = _centred(vectors, centre)
    kernel = centred @ centred.T + sum((r @ r.T).toarray() for r in rows)
    inverse = np.linalg.inv(kernel.astype(np.float64) + RIDGE * np.eye(len(texts)))
    dual = inverse @ truth
    classifier = Classifier(
        tuple(codes),
        grams,
        tuple(np.asarray(r.T @ dual, np.float16).astype(np.float32) for r in rows),
        centre,
        (centred.T @ dual).astype(np.float32),
        np.ones((len(codes), len(Standing)), np.float32),
    )
    left_out = truth - dual / np.diag(inverse)[:, None]
    return Trained(classifier, left_out.astype(np.float32), truth.astype(np.float32))


def _centred(vectors: Floats, centre: Floats) -> Floats:
    moved = vectors - centre
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-9), np.float32)
