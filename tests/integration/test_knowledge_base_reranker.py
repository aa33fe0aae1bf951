"""A real, tiny cross-encoder with random weights re-reads the first hits."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.reranker import Reranker, RerankerUnusable, open_reranker
from runtime.settings import load_settings


def test_one_score_a_passage_whatever_its_neighbours(reranker: Reranker) -> None:
    passages = ["เด็กถูกทารุณกรรม", "เบี้ยยังชีพผู้สูงอายุ", "บัตรคนพิการ"]

    together = reranker.scores("เด็กถูกตี", passages)

    assert len(set(together)) == 3
    for passage, score in zip(passages, together, strict=True):
        assert reranker.scores("เด็กถูกตี", [passage]) == pytest.approx([score], abs=1e-4)
    assert reranker.scores("เด็ก", []) == []


def test_none_unless_one_is_set(test_root: Path) -> None:
    assert open_reranker(load_settings(data_dir=test_root)) is None


def test_says_when_the_model_cannot_be_opened(test_root: Path, tmp_path: Path) -> None:
    with pytest.raises(RerankerUnusable) as refused:
        open_reranker(load_settings(data_dir=test_root, reranker_model=str(tmp_path)))
    assert str(tmp_path) in refused.value.say("en")
