"""Sentence embeddings for search and coding: one model per process, offline, normalised."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge_base.e5_folder import unpack
from knowledge_base.int8_model import Int8Model, in_int8
from runtime.errors import PartMissing
from runtime.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EMBEDDED = "embedded"
BATCH = 16
Vectors = NDArray[np.float32]
Progress = Callable[[float, str], None]


class EmbeddingModelUnusable(PartMissing):
    """The configured model cannot be opened. Details: ``model``."""

    code = "embedding.model_unusable"


class Embedder:
    """Embeds passages and queries; E5 models get the prefixes they were trained with.

    ``precision`` other than fp32 is part of the name: its vectors are not the fp32 ones.
    """

    def __init__(
        self, model: SentenceTransformer | Int8Model, name: str, precision: str = "fp32"
    ) -> None:
        self._model = model
        self._lock = threading.Lock()
        self.name = name if precision == "fp32" else f"{name}+{precision}"
        e5 = name == EMBEDDED or "e5" in Path(name).name.lower()
        self._prefixes = ("query: ", "passage: ") if e5 else ("", "")

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors ``(len(texts), dimension)``, float32, of length 1."""
        return self._encode([self._prefixes[1] + t for t in texts], progress)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors ``(len(texts), dimension)`` of queries."""
        return self._encode([self._prefixes[0] + t for t in texts], None)

    def query(self, text: str) -> Vectors:
        """The vector ``(dimension,)`` of one query."""
        found: Vectors = self.queries([text])[0]
        return found

    def _encode(self, texts: list[str], progress: Progress | None) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            out[chosen] = self._batch([texts[i] for i in chosen])
            if progress:
                progress(min(start + BATCH, len(order)) / len(order), "")
        return out

    def _batch(self, texts: list[str]) -> Vectors:
        with self._lock:
            made = self._model.encode(
                texts,
                batch_size=BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(made, np.float32)


def open_embedder(settings: Settings) -> Embedder:
    """The model of ``embedding_model``: ``embedded``, a hub id or a folder.

    Raises `EmbeddingWeightsMissing`, `EmbeddingWeightsAltered`, `EmbeddingModelUnusable`
    or `Int8Unusable`.
    """
    embedded = settings.embedding_model == EMBEDDED
    if embedded or Path(settings.embedding_model).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    source = str(unpack(settings.cache_dir)) if embedded else settings.embedding_model
    try:
        model = _opened(source, settings.embedding_threads)
    except Exception as error:  # a damaged folder fails in as many ways as it has files
        raise EmbeddingModelUnusable(model=settings.embedding_model) from error
    if settings.embedding_precision == "int8":
        int8 = in_int8(model, settings.cache_dir, settings.embedding_threads)
        return Embedder(int8, settings.embedding_model, "int8")
    return Embedder(model, settings.embedding_model)


def _opened(source: str, threads: int) -> SentenceTransformer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch  # noqa: PLC0415 seconds to import
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]

        if threads:
            torch.set_num_threads(threads)
        return SentenceTransformer(source, device="cpu")
