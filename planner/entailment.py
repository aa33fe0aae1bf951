"""An optional second reading of a chat model's sentences: does what they cite entail them?

The deterministic checks of `planner.grounding` always run. An office that sets
``CMIS_ENTAILMENT_MODEL`` (a cross-encoder trained on entailment, a hub id or a folder) gets one
more mark: a sentence that no ground of its own entails. The model may only mark, never clear.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge_base.cross_encoder import open_cross_encoder
from knowledge_base.library import Library
from planner.grounding import rewritten
from planner.origins import MODEL
from planner.schemas import Draft, Flag, Sentence
from runtime.errors import PartMissing
from runtime.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

ENTAILED = 0.5  # probability of the label "entailment" from which a ground carries a sentence
FLAG = "grounding.not_entailed"


class EntailmentUnusable(PartMissing):
    """The configured model cannot be opened. Details: ``model``."""

    code = "entailment.unusable"


class Entailment:
    """Reads a ground and a sentence together."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model
        self._place = _place(model)
        self._lock = threading.Lock()

    def best(self, grounds: Sequence[str], sentence: str) -> float:
        """0–1: how surely the best of the grounds entails the sentence; 0 without a ground."""
        if not grounds:
            return 0.0
        with self._lock:
            found = self._model.predict(
                [(ground, sentence) for ground in grounds],
                apply_softmax=self._place is not None,
                show_progress_bar=False,
            )
        rows = np.asarray(found).reshape(len(grounds), -1)
        return float(rows[:, self._place or 0].max())


def doubted(draft: Draft, library: Library, entailment: Entailment) -> Draft:
    """The draft with a mark on each sentence of a chat model that nothing it cites entails."""
    return rewritten(draft, lambda s: _marked(s, library, entailment))


def _marked(sentence: Sentence, library: Library, entailment: Entailment) -> Sentence:
    if not sentence.origin.startswith(MODEL) or any(f.code == FLAG for f in sentence.flags):
        return sentence
    entries = [e for e in map(library.resolve, sentence.citations) if e]
    grounds = [*(e.text_th for e in entries), *(s.text for s in sentence.spans)]
    if entailment.best(grounds, sentence.text) >= ENTAILED:
        return sentence
    return sentence.model_copy(update={"flags": (*sentence.flags, Flag(code=FLAG))})


def _place(model: CrossEncoder) -> int | None:
    """Where the label "entailment" stands among the model's; None when it gives one number.

    Raises ValueError when no label is so called: a guess could read a contradiction as a ground.
    """
    config: Any = model.config
    names = [str(config.id2label[i]).lower() for i in range(len(config.id2label))]
    if len(names) == 1:
        return None
    found = [i for i, label in enumerate(names) if label.startswith("entail")]
    if not found:
        raise ValueError(names)
    return found[0]


def open_entailment(settings: Settings) -> Entailment | None:
    """The cross-encoder of ``entailment_model``; None when none is set.

    Raises `EntailmentUnusable`.
    """
    return open_cross_encoder(settings.entailment_model, Entailment, EntailmentUnusable)
