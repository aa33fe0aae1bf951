"""Citation recall and precision of a draft, after ALCE, with support decided without a model.

A claim is *supported* by a set of its grounds when everything in it that can be looked up
(quotes, numbers, dates, amounts, sections, schemes, denials) stands there and at least one ground
is about it: words it was said in, or a passage of the knowledge. For a sentence written from the
library, a passage is about it when the reviewed library ties the two together (an action and what
it cites; a code and its approach); for anybody else's words it must share enough weighed words.

*Recall* is the share of claims supported by all they cite; *precision* the share of citations that
support their claim alone, or without which it would no longer be supported. The control deals
every citation to another sentence (`dealt_anew`): precision must then fall to almost nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evals.plan_matching import meaning
from knowledge_base.library import Library
from planner.grounding import Ground
from planner.origins import is_library, linked
from planner.schemas import Draft, Ink, Sentence

ABOUT = 0.12
SEED = 20260102


@dataclass(frozen=True)
class Counts:
    """Supported claims of all, sound citations of all."""

    supported: int
    claims: int
    sound: int
    citations: int
    unsupported: tuple[str, ...] = ()
    unsound: tuple[str, ...] = ()  # 's12 practice:consent'


class Support:
    """Decides support for the sentences of one draft."""

    def __init__(self, library: Library, narrative: str, draft: Draft) -> None:
        self._library = library
        self._ground = Ground(library, narrative, draft)

    def counts(self, sentences: Iterable[Sentence]) -> Counts:
        """Over the claims among some sentences."""
        claims = [s for s in sentences if s.ink is not Ink.FRAME]
        supported = {s.id for s in claims if self.holds(s)}
        cited = [(s, c) for s in claims for c in s.citations]
        unsound = [f"{s.id} {c}" for s, c in cited if not self._sound(s, c, s.id in supported)]
        return Counts(
            supported=len(supported),
            claims=len(claims),
            sound=len(cited) - len(unsound),
            citations=len(cited),
            unsupported=tuple(s.id for s in claims if s.id not in supported),
            unsound=tuple(unsound),
        )

    def holds(self, sentence: Sentence) -> bool:
        """Whether a claim's own grounds support it."""
        if self._ground.faults(sentence):
            return False
        told = bool(sentence.spans) or self._inherits(sentence)
        return told or any(self.about(sentence, c) for c in sentence.citations)

    def about(self, sentence: Sentence, citation: str) -> bool:
        """Whether a passage is the library's own for the sentence, else speaks of the same."""
        if is_library(sentence.origin):
            return citation in linked(self._library, sentence.origin)
        return self.likeness(sentence.text, citation) >= ABOUT

    def likeness(self, text: str, citation: str) -> float:
        """The weighed share of the shorter text's words that the other has, 0–1."""
        entry = self._library.resolve(citation)
        if entry is None:
            return 0.0
        said = meaning(text)
        held = meaning(f"{entry.context_th} {entry.title_th} {entry.text_th}")
        least = min(self._weight(said), self._weight(held))
        return self._weight(said & held) / least if least else 0.0

    def _weight(self, found: frozenset[str]) -> float:
        count = len(self._library.entries)
        return sum(math.log(1 + count / (1 + self._rarity[w])) for w in found)

    @cached_property
    def _rarity(self) -> Counter[str]:
        entries = self._library.entries.values()
        return Counter(w for e in entries for w in meaning(f"{e.title_th} {e.text_th}"))

    def _sound(self, sentence: Sentence, citation: str, supported: bool) -> bool:
        if not supported:
            return False
        if self.about(sentence, citation):
            return True
        rest = tuple(c for c in sentence.citations if c != citation)
        return not self.holds(sentence.model_copy(update={"citations": rest}))

    def _inherits(self, sentence: Sentence) -> bool:
        """Whether a parent sentence carries the ground."""
        known = self._ground.sentences
        return any(
            self._ground.ends(known[p], frozenset({sentence.id}))
            for p in sentence.parents
            if p in known
        )


def dealt_anew(sentences: Sequence[Sentence], seed: int = SEED) -> list[Sentence]:
    """The same claims with each other's citations: what a careless drafter would write."""
    claims = [s for s in sentences if s.ink is not Ink.FRAME and s.citations]
    order = np.random.default_rng(seed).permutation(len(claims))
    return [
        claim.model_copy(update={"citations": claims[int(other)].citations})
        for claim, other in zip(claims, order, strict=True)
    ]
