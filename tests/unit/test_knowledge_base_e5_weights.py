"""The weights file read byte for byte, on a model small enough to write by hand."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import e5_weights
from knowledge_base.e5_folder import EmbeddingCacheUnusable, unpack
from knowledge_base.e5_weights import (
    EmbeddingWeightsAltered,
    EmbeddingWeightsMissing,
    parse,
    read_weights,
)
from runtime.kept_folders import MANIFEST, is_whole

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁เด็ก", "หาย"]
HIDDEN, FFN, POSITIONS = 32, 64, 8


def q4(values: np.ndarray, scale: float) -> bytes:
    """Q4_0 of integers −8…7: low nibbles are the first half of each block of 32."""
    blocks = (values.reshape(-1, 32) + 8).astype(np.uint8)
    packed = blocks[:, :16] | (blocks[:, 16:] << 4)
    return b"".join(struct.pack("<e", scale) + row.tobytes() for row in packed)


def crafted(*, magic: bytes = b"E5S1", version: int = 1, block: int = 32) -> bytes:
    """A file of one layer, 32 wide; the word embeddings count up, all else is constant."""
    words = np.arange(len(PIECES) * HIDDEN) % 16 - 8
    square, wide = np.ones(HIDDEN * HIDDEN), np.ones(HIDDEN * FFN)
    tensors: dict[str, tuple[int, bytes, int]] = {"emb.word": (1, q4(words, 0.5), words.size)}

    def plain(name: str, size: int, value: float) -> None:
        tensors[name] = (0, np.full(size, value, "<f4").tobytes(), size)

    plain("emb.pos", POSITIONS * HIDDEN, 0.25)
    plain("emb.type", HIDDEN, 0)
    for name in ("emb.ln", "L0.aln", "L0.oln"):
        plain(f"{name}.w", HIDDEN, 1)
        plain(f"{name}.b", HIDDEN, 0)
    for name in ("q", "k", "v", "ao"):
        tensors[f"L0.{name}.w"] = (1, q4(square, 0.25), square.size)
        plain(f"L0.{name}.b", HIDDEN, 0)
    for name, bias in (("fi", FFN), ("fo", HIDDEN)):
        tensors[f"L0.{name}.w"] = (1, q4(wide, 0.25), wide.size)
        plain(f"L0.{name}.b", bias, 0)
    head = magic + struct.pack("<I", version)
    head += struct.pack("<7ifi", HIDDEN, 1, 2, FFN, len(PIECES), POSITIONS, 1, 1e-12, block)
    head += _tokenizer() + struct.pack("<iI", 0, 0)
    return head + _table(tensors, len(head))


def _tokenizer() -> bytes:
    encoded = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, -3, -1, -2], "<f4")
    blob = b"".join(encoded)
    head = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    return head + offsets.tobytes() + scores.tobytes() + blob


def _table(tensors: dict[str, tuple[int, bytes, int]], start: int) -> bytes:
    size = 4 + sum(2 + len(n) + struct.calcsize("<BIQQ") for n in tensors)
    at, rows, data = start + size, b"", b""
    for name, (kind, raw, count) in tensors.items():
        rows += struct.pack("<H", len(name)) + name.encode()
        rows += struct.pack("<BIQQ", kind, count, at + len(data), len(raw))
        data += raw
    return struct.pack("<i", len(tensors)) + rows + data


@pytest.fixture
def weights(tmp_path: Path) -> tuple[Path, str]:
    file = tmp_path / "weights.bin"
    file.write_bytes(crafted())
    return file, hashlib.sha256(file.read_bytes()).hexdigest()


def test_sizes_and_pieces() -> None:
    shape, pieces, _ = parse(crafted())

    assert shape[:7] == (HIDDEN, 1, 2, FFN, len(PIECES), POSITIONS, 1)
    assert shape.eps == pytest.approx(1e-12)
    assert [word for word, _ in pieces.words] == PIECES
    assert dict(pieces.words)["▁เด็ก"] == -1
    assert (pieces.bos, pieces.pad, pieces.eos, pieces.unk) == (0, 1, 2, 3)


def test_nibbles_become_weights_in_order() -> None:
    _, _, tensors = parse(crafted())

    words = tensors["embeddings.word_embeddings.weight"]
    assert words.shape == (len(PIECES), HIDDEN)
    assert words.dtype == np.float32
    assert words.reshape(-1)[:18].tolist() == [(i % 16 - 8) / 2 for i in range(18)]


def test_every_tensor_has_its_name_and_shape() -> None:
    _, _, tensors = parse(crafted())

    layer = "encoder.layer.0."
    assert tensors[f"{layer}attention.self.query.weight"].shape == (HIDDEN, HIDDEN)
    assert tensors[f"{layer}intermediate.dense.weight"].shape == (FFN, HIDDEN)
    assert tensors[f"{layer}output.dense.weight"].shape == (HIDDEN, FFN)
    assert tensors[f"{layer}output.LayerNorm.bias"].shape == (HIDDEN,)
    assert tensors["embeddings.position_embeddings.weight"].shape == (POSITIONS, HIDDEN)
    assert len(tensors) == 21


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"E5S1",
        crafted(magic=b"GGUF"),
        crafted(version=2),
        crafted(block=64),
        crafted()[:400],
        crafted()[:-64],
    ],
)
def test_what_is_no_such_file_is_called_altered(content: bytes) -> None:
    with pytest.raises(EmbeddingWeightsAltered):
        parse(content)


def test_one_changed_byte_is_noticed(weights: tuple[Path, str], tmp_path: Path) -> None:
    file, sha256 = weights
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(EmbeddingWeightsAltered):
        unpack(tmp_path / "cache", file, sha256)
    assert not list((tmp_path / "cache").glob("e5-small-*"))


def test_missing_weights_and_a_missing_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EmbeddingWeightsMissing):
        read_weights(tmp_path / "none")
    with monkeypatch.context() as patched:
        patched.setattr(e5_weights.resources, "files", _no_wheel)
        with pytest.raises(EmbeddingWeightsMissing) as refused:
            e5_weights.weights_file()
    assert "make setup" in refused.value.say("en")


def _no_wheel(name: str) -> Path:
    raise ModuleNotFoundError(name)


def test_unpacks_once_and_mends_what_was_damaged(weights: tuple[Path, str], tmp_path: Path) -> None:
    folder = unpack(tmp_path / "cache", *weights)
    made = (folder / MANIFEST).stat().st_mtime_ns
    assert unpack(tmp_path / "cache", *weights) == folder
    assert (folder / MANIFEST).stat().st_mtime_ns == made

    model = folder / "model.safetensors"
    content = bytearray(model.read_bytes())
    content[-1] ^= 1
    model.write_bytes(content)
    assert not is_whole(folder)
    unpack(tmp_path / "cache", *weights)

    assert is_whole(folder)
    assert model.read_bytes()[-1] == content[-1] ^ 1


def test_a_copied_folder_is_whole_and_a_lost_file_is_noticed(
    weights: tuple[Path, str], tmp_path: Path
) -> None:
    folder = unpack(tmp_path / "cache", *weights)
    os.utime(folder / "model.safetensors")
    assert is_whole(folder)
    (folder / "modules.json").unlink()
    assert not is_whole(folder)
    (folder / MANIFEST).write_text("[1]")
    assert not is_whole(folder)


def test_a_draft_left_by_a_killed_process_is_replaced(
    weights: tuple[Path, str], tmp_path: Path
) -> None:
    left = tmp_path / "cache" / f"e5-small-{weights[1][:12]}.draft"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_text("half")

    folder = unpack(tmp_path / "cache", *weights)

    assert not left.exists()
    assert "model.safetensors" in json.loads((folder / MANIFEST).read_text())


def test_a_folder_that_cannot_be_written(weights: tuple[Path, str], tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")

    with pytest.raises(EmbeddingCacheUnusable) as refused:
        unpack(taken, *weights)
    assert "CMIS_CACHE_DIR" in refused.value.say("en")
