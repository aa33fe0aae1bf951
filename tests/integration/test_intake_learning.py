"""What is learned from the exemplar bank, with the real embedding model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commands.wiring import Wiring
from evals.coding import evaluate_coding
from evals.fitting import Exam
from evals.stories import stories
from intake.classifier import Classifier, train
from intake.coding import Coder
from intake.learning import FlagReader, SentenceReader
from intake.narrative import accept
from intake.negation import Standing
from intake.pieces import Piece, pieces
from intake.rules import read
from intake.schemas import Role
from intake.signs import STANDINGS
from intake.weighing import load_weights
from knowledge_base.embedder import Embedder, EmbeddingModelUnusable
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
def flag_reader(tmp_path_factory: pytest.TempPathFactory) -> FlagReader:
    """The product's reader of red flags; its classifier is kept in the machine's cache."""
    settings = load_settings(data_dir=tmp_path_factory.mktemp("data"))
    return FlagReader(settings.cache_dir)


@pytest.fixture(scope="module")
def coder(reader: SentenceReader, flag_reader: FlagReader) -> Coder:
    """The product's coder."""
    return Coder(load_library(), reader, flag_reader)


def test_every_code_was_learned(reader: SentenceReader) -> None:
    assert set(reader.classifier.codes) == set(load_library().codebook.codes)


def test_each_letter_adds_up_to_the_score(reader: SentenceReader) -> None:
    classifier, text = reader.classifier, "สามีเมาแล้วตบหน้าดิฉันทุกคืน"
    every = np.arange(len(classifier.codes))
    zero = np.tile(classifier.centre, (1, 1))
    piece = Piece(text)
    spread = classifier.spread(piece, every)
    assert spread.shape == (len(text), len(every))
    assert np.allclose(spread.sum(0), classifier.scores([piece], zero)[0], atol=1e-4)


def test_denial_takes_from_violence_but_not_from_hunger(reader: SentenceReader) -> None:
    codes, denied = reader.classifier.codes, STANDINGS.index(Standing.NEGATED)
    discounts = reader.classifier.discounts
    assert discounts[codes.index("SUB-01"), denied] < 0.5
    assert discounts[codes.index("ECO-04"), denied] == 1.0
    assert (discounts[:, STANDINGS.index(Standing.STATED)] == 1.0).all()


def test_learning_twice_gives_the_same_and_survives_the_disk(tmp_path: Path) -> None:
    bank = load_exemplars()[:60]
    texts, shown = pieces(e.text for e in bank), [e.codes for e in bank]
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
    assert "HOU-03" in found.by_code
    assert max(found.whole, key=found.whole.__getitem__)[:3] in {"AGE", "HOU"}
    for sign in (s for each in found.by_code.values() for s in each):
        assert 0 <= sign.start < sign.end <= len(reading.view.text)


def test_stories_are_opened_for_fitting_with_the_products_own_parts(
    reader: SentenceReader, flag_reader: FlagReader
) -> None:
    told = stories(Path("evals/data/golden/G01-G10.yaml"))[:3]
    exam = Exam(load_library(), reader, flag_reader)
    codes, flags = exam.codes(told), exam.flags(told, load_weights())
    assert codes.features.shape == (3 * len(load_library().codebook.codes), len(codes.names))
    assert flags.features.shape == (3 * len(load_library().codebook.red_flags), len(flags.names))
    assert codes.truth.sum() == sum(len(s["key"]["problem_codes"]) for s in told)
    assert np.isfinite(flags.features).all()


def test_every_flag_was_learned(flag_reader: FlagReader) -> None:
    assert set(flag_reader.classifier.codes) == set(load_library().codebook.red_flags)


def test_a_flag_no_rule_knows_is_heard_with_its_own_words(flag_reader: FlagReader) -> None:
    story = "หนูพิมพ์เบา ๆ นะคะ เขารื้อตู้หาหนูอยู่ชั้นล่าง เมื่อกี้ฟาดมาสองที ตอนนี้หนูขดอยู่ใต้เตียงกับน้อง"
    by_rules = Coder(load_library()).code(accept(story))
    heard = Coder(load_library(), None, flag_reader).code(accept(story))
    assert "RF01" in heard.flag_ids() - by_rules.flag_ids()
    assert all(f.spans for f in heard.red_flags)
    assert all(story[s.start : s.end] == s.text for f in heard.red_flags for s in f.spans)
    assert heard.urgency.level == "immediate_1h"


def test_what_is_denied_or_only_told_of_others_is_not_heard(flag_reader: FlagReader) -> None:
    coder = Coder(load_library(), None, flag_reader)
    for story in (
        "ถามเรื่องทำร้ายตัวเองแล้ว น้องบอกว่าไม่เคยคิด ไม่มีแผนอะไร แค่เหนื่อยเรื่องสอบ",
        "ยายชอบดูละครที่พระเอกโดนจับขัง เล่าให้หลานฟังทุกคืน ที่บ้านเราสบายดี",
    ):
        assert not coder.code(accept(story)).red_flags


def test_flags_are_heard_while_the_embedding_model_is_missing(tmp_path: Path) -> None:
    wiring = Wiring(load_settings(data_dir=tmp_path, embedding_model=str(tmp_path)))
    with pytest.raises(EmbeddingModelUnusable):
        _ = wiring.embedder
    coded = wiring.coder.code(accept("แฟนเอามือบีบคอจนหน้ามืด เสียงแหบกลืนเจ็บ"))
    assert "RF02" in coded.flag_ids()


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
