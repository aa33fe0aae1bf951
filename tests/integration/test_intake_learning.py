"""What is learned from the exemplar bank, with the real embedding model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.coding import evaluate_coding
from intake.classifier import Classifier, train
from intake.coding import Coder
from intake.learning import SentenceReader
from intake.narrative import accept
from intake.negation import Standing
from intake.rules import read
from intake.schemas import Role
from intake.signs import STANDINGS
from knowledge_base.embedder import Embedder
from knowledge_base.exemplars import load_exemplars
from knowledge_base.library import load_library
from runtime.settings import load_settings
from tests.shared_data import shared


@pytest.fixture(scope="module")
def reader(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> SentenceReader:
    """The product's reader; its classifier is kept in the machine's cache."""
    settings = load_settings(data_dir=tmp_path_factory.mktemp("data"))
    return SentenceReader(embedder, settings.cache_dir)


@pytest.fixture(scope="module")
def coder(reader: SentenceReader) -> Coder:
    """The product's coder."""
    return Coder(load_library(), reader)


def test_every_code_was_learned(reader: SentenceReader) -> None:
    assert set(reader.classifier.codes) == set(load_library().codebook.codes)


def test_each_letter_adds_up_to_the_score(reader: SentenceReader) -> None:
    classifier, text = reader.classifier, "สามีเมาแล้วตบหน้าดิฉันทุกคืน"
    every = np.arange(len(classifier.codes))
    zero = np.tile(classifier.centre, (1, 1))
    spread = classifier.spread(text, every)
    assert spread.shape == (len(text), len(every))
    assert np.allclose(spread.sum(0), classifier.scores([text], zero)[0], atol=1e-4)


def test_denial_takes_from_violence_but_not_from_hunger(reader: SentenceReader) -> None:
    codes, denied = reader.classifier.codes, STANDINGS.index(Standing.NEGATED)
    discounts = reader.classifier.discounts
    assert discounts[codes.index("SUB-01"), denied] < 0.5
    assert discounts[codes.index("ECO-04"), denied] == 1.0
    assert (discounts[:, STANDINGS.index(Standing.STATED)] == 1.0).all()


def test_learning_twice_gives_the_same_and_survives_the_disk(tmp_path: Path) -> None:
    bank = load_exemplars()[:60]
    texts, shown = [e.text for e in bank], [e.codes for e in bank]
    codes = sorted({e.home for e in bank})
    vectors = np.random.default_rng(1).normal(size=(len(bank), 8)).astype(np.float32)
    first, second = (train(texts, shown, vectors, codes) for _ in range(2))
    first.classifier.save(tmp_path / "codes.npz")
    kept = Classifier.load(tmp_path / "codes.npz")
    expected = second.classifier.scores(texts, vectors)
    assert np.array_equal(kept.scores(texts, vectors), expected)
    assert first.left_out.shape == (len(bank), len(codes))
    assert np.abs(first.shown - first.left_out).mean() >= np.abs(first.shown - expected).mean()


def test_signs_have_exact_places(reader: SentenceReader) -> None:
    reading = read("ลุงอายุ 75 อยู่คนเดียว ไม่มีลูกหลาน เดินไม่ได้มาสองเดือน\nบ้านหลังคารั่วทั้งหลัง")
    found = reader.signs(reading)
    assert "HOU-03" in found
    for sign in (s for each in found.values() for s in each):
        assert 0 <= sign.start < sign.end <= len(reading.view.text)


def test_a_code_no_rule_knows_is_learned(coder: Coder) -> None:
    story = "เมียผมเอาน้ำเดือดสาดใส่แขน แล้วขว้างโทรศัพท์ใส่หน้า ข่วนคอเป็นรอย"
    coded = coder.code(accept(story))
    assert "VIO-01" in coded.code_ids()
    assert all(story[s.start : s.end] == s.text for c in coded.codes for s in c.spans)
    assert all(0 <= c.score <= 1 for c in (*coded.codes, *coded.unsure))
    assert [c.role for c in coded.codes].count(Role.PRIMARY) <= 1


def test_coding_is_the_same_twice(coder: Coder) -> None:
    story = accept("ย่าเลี้ยงหลานสามคน พ่อแม่ติดคุก เงินไม่พอซื้อนม")
    assert coder.code(story) == coder.code(story)


def test_the_shared_set_meets_the_aims(coder: Coder) -> None:
    folder = shared()
    file = folder / "reference" / "case-vignettes.yaml" if folder else None
    if file is None or not file.is_file():
        pytest.skip("shared vignettes not there: set CMIS_SHARED")
    found = evaluate_coding(file, coder)
    assert found["micro_f1"] >= 0.65
    assert found["red_flag_recall"] == 1.0
    assert found["red_flag_precision"] >= 0.8
    assert found["urgency_accuracy"] == 1.0
    assert found["traps_avoided"] >= 0.8
    assert found["span_exact"] == 1.0
