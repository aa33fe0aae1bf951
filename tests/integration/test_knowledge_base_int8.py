"""The real embedding model in int8: nearly the same vectors, made once, kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.embedder import Embedder, open_embedder
from knowledge_base.int8_model import FILE, Int8Unusable, in_int8, weights_hash
from runtime.kept_folders import MANIFEST
from runtime.settings import load_settings
from tests.integration.tiny_models import sentence_model

TEXTS = [
    "เด็กถูกทารุณกรรมในครอบครัว ครูแจ้งพนักงานเจ้าหน้าที่",
    "ผู้สูงอายุมีสิทธิได้รับเบี้ยยังชีพเป็นรายเดือน " * 20,
    "Child protection, B.E. 2546 (2003)",
    "ก",
] * 3

SHORT = ["กขค", "เด็ก"]


@pytest.fixture(scope="module")
def int8(test_root: Path, worker_id: str) -> Embedder:
    return open_embedder(load_settings(data_dir=test_root / worker_id, embedding_precision="int8"))


def test_nearly_the_fp32_vectors(int8: Embedder, embedder: Embedder) -> None:
    made, exact = int8.passages(TEXTS), embedder.passages(TEXTS)

    assert made.shape == exact.shape
    assert made.dtype == np.float32
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert (made * exact).sum(axis=1).min() >= 0.97
    assert np.mean((made * exact).sum(axis=1)) >= 0.985


def test_its_vectors_are_kept_apart_by_name(int8: Embedder, embedder: Embedder) -> None:
    assert int8.name == f"{embedder.name}+int8"
    assert int8.dimension == embedder.dimension


def test_made_once_and_anew_when_damaged(tmp_path: Path) -> None:
    exact = sentence_model(tmp_path / "tiny").encode(SHORT, normalize_embeddings=True)

    first = in_int8(sentence_model(tmp_path / "tiny"), tmp_path).encode(SHORT)
    (kept,) = tmp_path.glob("int8-*")
    written = (kept / FILE).stat().st_mtime_ns
    in_int8(sentence_model(tmp_path / "tiny"), tmp_path)
    untouched = (kept / FILE).stat().st_mtime_ns
    (kept / FILE).write_bytes(b"not a model")
    again = in_int8(sentence_model(tmp_path / "tiny"), tmp_path).encode(SHORT)

    assert written == untouched
    assert (kept / MANIFEST).exists()
    assert again == pytest.approx(first)
    assert (first * exact).sum(axis=1).min() >= 0.98


def test_other_weights_have_a_file_of_their_own(tmp_path: Path) -> None:
    one, two = (sentence_model(tmp_path / f"tiny-{seed}", seed) for seed in (1, 2))

    assert weights_hash(one) != weights_hash(two)
    in_int8(one, tmp_path)
    in_int8(two, tmp_path)

    assert len([f for f in tmp_path.glob("int8-*") if f.is_dir()]) == 2


def test_says_when_the_file_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(Int8Unusable):
        in_int8(sentence_model(tmp_path / "tiny"), tmp_path / "file")
