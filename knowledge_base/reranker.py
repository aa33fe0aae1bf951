"""An optional second reading: a cross-encoder puts the first hits in a better order.

None is set by default; on a two-core machine it costs more than the whole search.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from knowledge_base.cross_encoder import open_cross_encoder
from runtime.errors import PartMissing
from runtime.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

READ = 30
BATCH = 8


class RerankerUnusable(PartMissing):
    """The configured model cannot be opened. Details: ``model``."""

    code = "reranker.unusable"


class Reranker:
    """Reads question and passage together."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model
        self._lock = threading.Lock()

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """How well each passage answers, one number each, larger is better."""
        if not passages:
            return []
        with self._lock:
            found = self._model.predict(
                [(query, passage) for passage in passages],
                batch_size=BATCH,
                show_progress_bar=False,
            )
        return [float(x) for x in np.asarray(found).reshape(len(passages), -1)[:, -1]]


def open_reranker(settings: Settings) -> Reranker | None:
    """The cross-encoder of ``reranker_model``, a hub id or a folder; None when none is set.

    Raises `RerankerUnusable`.
    """
    return open_cross_encoder(settings.reranker_model, Reranker, RerankerUnusable)
