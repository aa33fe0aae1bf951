"""Kept vectors: the same numbers as a fresh embedding, never a reason to fail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from knowledge_base.chunking import Chunk
from knowledge_base.embedder import Embedder
from knowledge_base.kept_vectors import FILE, KeptVectors
from runtime.kept_folders import alone

CHUNKS = [Chunk("a", 0, "หน้าที่แจ้งเหตุ"), Chunk("b", 0, "เบี้ยยังชีพ"), Chunk("b", 1, "หน้าที่แจ้งเหตุ")]


def test_the_second_time_nothing_is_embedded(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = KeptVectors(tmp_path).of(CHUNKS, embedder)
    asked: list[int] = []
    embed = embedder.passages
    monkeypatch.setattr(embedder, "passages", lambda t, p=None: (asked.append(len(t)), embed(t))[1])
    again = KeptVectors(tmp_path).of(CHUNKS, embedder)
    assert asked == []
    assert np.array_equal(first, again)
    assert np.allclose(first, embed([c.text for c in CHUNKS]), atol=1e-5)


def test_another_model_has_vectors_of_its_own(embedder: Embedder, tmp_path: Path) -> None:
    KeptVectors(tmp_path).of(CHUNKS, embedder)
    other = Embedder(embedder._model, "another")
    found = KeptVectors(tmp_path).of(CHUNKS, other)
    assert np.allclose(found, other.passages([c.text for c in CHUNKS]), atol=1e-5)


def test_a_damaged_store_is_made_anew(embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database at all" * 200)
    assert KeptVectors(tmp_path).of(CHUNKS, embedder).shape == (3, embedder.dimension)


def test_nothing_wanted_is_nothing_made(embedder: Embedder, tmp_path: Path) -> None:
    assert KeptVectors(tmp_path).of([], embedder).shape == (0, embedder.dimension)


def test_what_another_process_embeds_is_not_embedded_twice(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    embed = embedder.passages
    monkeypatch.setattr(embedder, "passages", lambda t, p=None: (asked.append(len(t)), embed(t))[1])
    with ThreadPoolExecutor(2) as two:
        with alone(tmp_path / "vectors.lock"):
            found = [two.submit(KeptVectors(tmp_path).of, CHUNKS, embedder) for _ in range(2)]
            sleep(0.3)
            assert asked == []
        first, second = (vectors.result() for vectors in found)
    assert len(asked) == 1
    assert np.array_equal(first, second)
