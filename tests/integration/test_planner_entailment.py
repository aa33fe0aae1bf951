"""A real, tiny entailment model marks a chat model's sentences, and only those, and clears none."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import entailment as reading
from planner.entailment import FLAG, Entailment, EntailmentUnusable, doubted, open_entailment
from planner.graph import Planner
from runtime.settings import load_settings
from tests.drafts import DAY, LIBRARY, RECEIVED, narrative, violence, with_sentence
from tests.integration.tiny_models import save_cross_encoder

LABELS = ("contradiction", "entailment", "neutral")


@pytest.fixture(scope="module")
def entailment(tmp_path_factory: pytest.TempPathFactory) -> Entailment:
    folder = tmp_path_factory.mktemp("entailment")
    save_cross_encoder(folder, LABELS)
    opened = open_entailment(load_settings(data_dir=folder, entailment_model=str(folder)))
    assert opened is not None
    return opened


def test_one_probability_the_best_grounds(entailment: Entailment) -> None:
    grounds = ["เด็กถูกตี", "ยายดูแลหลาน"]
    both = entailment.best(grounds, "เด็กถูกทำร้าย")
    assert 0 < both < 1
    assert both == pytest.approx(max(entailment.best([g], "เด็กถูกทำร้าย") for g in grounds))
    assert entailment.best([], "เด็กถูกทำร้าย") == 0


def test_marks_a_chat_models_sentence_and_no_other(
    entailment: Entailment, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = Planner(LIBRARY, entailment=entailment)
    made = planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED)
    assert not made.flagged()
    entry = LIBRARY.entries["practice:safety-plan"].text_th[:60]
    more = with_sentence(made, entry, citations=("practice:safety-plan",), origin="chat:x")
    for bar, marked in ((1.1, True), (0.0, False)):
        monkeypatch.setattr(reading, "ENTAILED", bar)
        read = doubted(doubted(more, LIBRARY, entailment), LIBRARY, entailment)
        codes = [f.code for s in read.sentences() for f in s.flags]
        assert codes.count(FLAG) == marked


def test_none_unless_set_and_says_when_it_cannot_be_opened(tmp_path: Path) -> None:
    assert open_entailment(load_settings(data_dir=tmp_path)) is None
    with pytest.raises(EntailmentUnusable) as refused:
        open_entailment(load_settings(data_dir=tmp_path, entailment_model=str(tmp_path)))
    assert str(tmp_path) in refused.value.say("en")


def test_labels_that_name_no_entailment_are_not_guessed_at(tmp_path: Path) -> None:
    save_cross_encoder(tmp_path, ("yes", "no", "contradiction"))
    with pytest.raises(EntailmentUnusable):
        open_entailment(load_settings(data_dir=tmp_path, entailment_model=str(tmp_path)))
