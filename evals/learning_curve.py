"""What more sentences a code would bring: the bank thinned out, everything else as it is.

Of every code's sentences (and of its contrasts in the same share) so many are drawn, the classifier
learns from them alone, and the weights are fitted without each story in turn. Draws are repeated,
for with few sentences it matters which.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.fitting import Exam
from evals.stories import Story
from intake.classifier import train
from intake.grams import Floats
from intake.learning import CodeSigns, Embeds, FlagReader, code_signs
from intake.lessons import discounts
from intake.normal import levelled
from intake.pieces import Piece
from intake.rules import Reading
from knowledge_base.embedder import Embedder, Progress
from knowledge_base.exemplars import Exemplar
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import Library

SEED = 20260101


class Remembering:
    """An embedder that embeds a text once; the same stories are read at every point."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, ...], Floats] = {}

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors ``(len(texts), dimension)``."""
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._embedder.queries(texts)
        return self._known[key]


class ThinReader:
    """Signs of problem codes as a classifier sees them that learned from a part of the bank."""

    def __init__(self, bank: Sequence[Exemplar], vectors: Floats, embedder: Embeds) -> None:
        codes = sorted({e.home for e in bank})
        texts = [Piece(levelled(e.text).text) for e in bank]
        plain = train(texts, [e.codes for e in bank], vectors, codes).classifier
        self.classifier = replace(plain, discounts=discounts(bank, texts, plain))
        self._embedder = embedder

    def signs(self, reading: Reading) -> CodeSigns:
        """Signs of each code in a story."""
        return code_signs(reading, self.classifier, self._embedder)


@dataclass(frozen=True)
class Apparatus:
    """What a point of the curve is measured with."""

    library: Library
    embedder: Embedder
    kept: KeptVectors
    flags: FlagReader


def learning_curve(
    bank: Sequence[Exemplar],
    told: Sequence[Story],
    points: Sequence[tuple[int, int]],
    apparatus: Apparatus,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Left-out micro F1 over the stories at each point: sentences a code, and which draw."""
    texts = [levelled(e.text).text for e in bank]
    vectors = apparatus.kept.of_sentences(texts, apparatus.embedder)
    known, rows = Remembering(apparatus.embedder), []
    for done, (size, draw) in enumerate(points, start=1):
        places = list(drawn(bank, size, SEED + draw))
        thin = ThinReader([bank[p] for p in places], vectors[places], known)
        exam = Exam(apparatus.library, thin, apparatus.flags)
        fitted = exam.fit_codes(exam.codes(told)).together
        f1 = round(fitted.f1(fitted.best_threshold()), 4)
        rows.append({"per_code": size, "draw": draw, "sentences": len(places), "micro_f1": f1})
        progress(done / len(points), str(size))
    return rows


def drawn(bank: Sequence[Exemplar], size: int, seed: int) -> Iterator[int]:
    """Places in the bank: at most ``size`` sentences that show their home, contrasts in share."""
    shows: dict[str, list[int]] = defaultdict(list)
    others: dict[str, list[int]] = defaultdict(list)
    for place, exemplar in enumerate(bank):
        (shows if exemplar.home in exemplar.codes else others)[exemplar.home].append(place)
    draw = random.Random(seed)  # noqa: S311 no secret
    for home in sorted(shows):
        share = min(1.0, size / len(shows[home]))
        yield from draw.sample(shows[home], min(size, len(shows[home])))
        yield from draw.sample(others[home], round(share * len(others[home])))
