"""The exemplar bank's stories, each read by a classifier that has not learned it.

They serve two ends: their sentences teach the classifier, and the whole stories teach how it is to
be weighed. For the second, a story must be as new to the classifier as a client's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evals.stories import Story
from intake.classifier import LEAST, Classifier
from intake.learning import CodeSigns, Embeds, code_signs
from intake.normal import levelled
from intake.pieces import pieces
from intake.ridge import Ridge
from intake.rules import Reading
from knowledge_base.embedder import Embedder
from knowledge_base.exemplar_stories import ExemplarStory
from knowledge_base.exemplars import Exemplar
from knowledge_base.kept_vectors import KeptVectors

AT_ONCE = 5  # stories left out together


@dataclass(frozen=True)
class Untaught:
    """Signs of problem codes as a classifier sees them that has not learned some stories."""

    classifier: Classifier
    embedder: Embeds

    def signs(self, reading: Reading) -> CodeSigns:
        """Signs of each code in a story."""
        return code_signs(reading, self.classifier, self.embedder)


def untaught(
    bank: Sequence[Exemplar],
    told: Sequence[ExemplarStory],
    classifier: Classifier,
    embedder: Embedder,
    kept: KeptVectors,
) -> Iterator[tuple[list[Story], Untaught]]:
    """The stories, some at a time, each time with a reader that has not learned them.

    ``classifier`` learned from ``bank`` and the sentences of ``told``; its discounts stay.
    """
    every = [*bank, *(s for story in told for s in story.sentences)]
    texts = pieces(levelled(e.text).text for e in every)
    vectors = kept.of_sentences([p.text for p in texts], embedder)
    ridge = Ridge.opened(texts, vectors, LEAST)
    dual = ridge.dual(np.array([[c in e.codes for c in classifier.codes] for e in every], float))
    opened = replace(classifier, grams=ridge.grams, centre=ridge.centre)
    ends = len(bank) + np.cumsum([0, *(len(s.sentences) for s in told)])
    for first in range(0, len(told), AT_ONCE):
        some = told[first : first + AT_ONCE]
        places = np.arange(ends[first], ends[first + len(some)])
        by_gram, by_vector = ridge.by_feature(ridge.dual_without(dual, places))
        unlearned = replace(opened, by_gram=by_gram, by_vector=by_vector)
        yield [_story(s) for s in some], Untaught(unlearned, embedder)


def _story(told: ExemplarStory) -> Story:
    """As vignettes have it."""
    codes = [{"code": code} for code in sorted(told.codes)]
    return {"narrative": told.text, "key": {"problem_codes": codes}}
