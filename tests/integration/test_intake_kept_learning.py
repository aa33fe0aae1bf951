"""What was learned is kept by one process for all; a torn file or a failing model takes nothing."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from commands.draft import draft_narrative
from commands.wiring import Wiring
from intake.classifier import Classifier
from intake.coding import Coder
from intake.learning import FlagReader, SentenceReader
from intake.lessons import FLAGS, Lessons
from intake.narrative import accept
from knowledge_base.e5_folder import unpack
from knowledge_base.embedder import Embedder, EmbeddingModelUnusable
from knowledge_base.kept_vectors import FILE, KeptVectors
from knowledge_base.library import DATA, load_library
from runtime.settings import Settings, load_settings

DANGER = "แฟนเอามือบีบคอจนหน้ามืด เสียงแหบกลืนเจ็บ"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A cache with the machine's learned flags in it."""
    machine = FlagReader(load_settings().cache_dir)
    _ = machine.classifier
    name = f"flags-{machine.version}.npz"
    (tmp_path / name).write_bytes((load_settings().cache_dir / name).read_bytes())
    return tmp_path / name


class Counting(Lessons):
    """Lessons that count how often they are learned."""

    learned = 0

    def _learn(self, progress: object = None) -> Classifier:
        Counting.learned += 1
        machine = load_settings().cache_dir
        return Classifier.load(machine / f"flags-{self.version}.npz")


@pytest.mark.parametrize("left", [0, 100, 60_000])
def test_a_torn_file_is_learned_anew_and_told(
    left: int, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(whole[:left])
    with caplog.at_level(logging.WARNING):
        opened = Counting(FLAGS, None, kept.parent, DATA).classifier
    assert set(opened.codes) == set(load_library().codebook.red_flags)
    assert "coding.kept_classifier_unreadable" in caplog.text
    assert Classifier.load(kept).codes == opened.codes


def test_many_at_once_learn_once(kept: Path) -> None:
    kept.unlink()
    Counting.learned = 0
    others = [Counting(FLAGS, None, kept.parent, DATA) for _ in range(4)]
    threads = [threading.Thread(target=o.prepare) for o in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counting.learned == 1
    assert not list(kept.parent.glob("*.draft*"))


def test_a_cache_that_cannot_be_written_costs_only_time(kept: Path) -> None:
    no_folder = kept.with_name("file")
    no_folder.write_text("")
    assert Counting(FLAGS, None, no_folder, DATA).classifier.codes


def test_a_damaged_store_of_vectors_is_begun_anew_and_a_busy_one_is_left(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, texts = KeptVectors(tmp_path), ["ยายล้มในห้องน้ำ"]
    first = store.of_sentences(texts, embedder)
    (tmp_path / FILE).write_bytes(b"no database" * 500)
    assert (store.of_sentences(texts, embedder) == first).all()
    monkeypatch.setattr("knowledge_base.kept_vectors.PATIENCE_S", 0.1)
    with sqlite3.connect(tmp_path / FILE) as busy:
        busy.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError):
            store.of_sentences(texts, embedder)
        busy.rollback()
    assert len(sqlite3.connect(tmp_path / FILE).execute("SELECT * FROM vectors").fetchall()) == 1


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The real model's folder, its weights cut off in the middle."""
    whole, folder = unpack(load_settings().cache_dir), tmp_path / "e5-broken"
    shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    with (whole / "model.safetensors").open("rb") as weights:
        (folder / "model.safetensors").write_bytes(weights.read(1_000_000))
    return folder


def test_a_broken_model_folder_leaves_the_rules_and_the_draft_says_so(
    settings: Settings, broken: Path
) -> None:
    wiring = Wiring(settings.model_copy(update={"embedding_model": str(broken)}))
    with pytest.raises(EmbeddingModelUnusable):
        _ = wiring.embedder
    made = draft_narrative(wiring, accept(DANGER))
    assert "RF02" in {f.id for f in made.red_flags}
    assert "RF02" in {r.id for r in made.assessment.risks}
    assert any(s.origin == "coder" for s in made.assessment.missing)


class Failing(Embedder):
    """A model that fails while it works, as one does whose memory ends."""

    def __init__(self, name: str) -> None:
        self.name = name

    def queries(self, texts: object) -> object:  # type: ignore[override]
        raise MemoryError


def test_a_model_that_fails_while_it_works_takes_no_red_flag(
    embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    cache = load_settings().cache_dir
    reader = SentenceReader(Failing(embedder.name), cache)
    coded = Coder(load_library(), reader, FlagReader(cache)).code(accept(DANGER))
    assert "RF02" in coded.flag_ids()
    assert coded.by_rules_alone == ("codes",)
    assert "coding.by_rules_alone" in caplog.text
    assert DANGER not in caplog.text


def test_what_was_learned_of_flags_may_fail_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = FlagReader(tmp_path)
    monkeypatch.setattr(flags._lessons, "prepare", lambda progress=None: 1 / 0)
    coded = Coder(load_library(), None, flags).code(accept(DANGER))
    assert "RF02" in coded.flag_ids()
    assert coded.by_rules_alone == ("flags",)
