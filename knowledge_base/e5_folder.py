"""The embedded model as an ordinary sentence-transformers folder, unpacked once and kept whole.

BertModel, unigram tokenizer, mean pooling, normalisation: any version of the library opens it
without a network. The folder appears by one rename under a lock, so no process sees half of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base import e5_weights
from knowledge_base.e5_weights import SHA256, Pieces, Shape, parse, read_weights
from runtime.errors import PartMissing

MANIFEST = "manifest.json"


class EmbeddingCacheUnusable(PartMissing):
    """The model folder cannot be written. Details: ``folder``, ``reason``."""

    code = "embedding.cache_unusable"


def unpack(cache_dir: Path, weights: Path | None = None, sha256: str = SHA256) -> Path:
    """The model folder in ``cache_dir``, made if absent or damaged, whole or not at all.

    Raises `EmbeddingWeightsMissing`, `EmbeddingWeightsAltered` or `EmbeddingCacheUnusable`.
    """
    folder = cache_dir / f"e5-small-{sha256[:12]}"
    try:
        with alone(cache_dir / "e5-small.lock"):
            if not is_whole(folder):
                content = read_weights(weights or e5_weights.weights_file(), sha256)
                _replace(folder, content)
    except OSError as error:
        raise EmbeddingCacheUnusable(folder=cache_dir, reason=error.strerror) from error
    return folder


def is_whole(folder: Path) -> bool:
    """Every file of the manifest is as it was written.

    A file whose size and time of change are the manifest's is not read; any other is hashed.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        return all(_is_same(folder / name, known) for name, known in manifest.items())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def _is_same(file: Path, known: dict[str, Any]) -> bool:
    found = file.stat()
    if found.st_size != known["size"]:
        return False
    return bool(found.st_mtime_ns == known["changed_ns"]) or _sha256(file) == known["sha256"]


def _replace(folder: Path, content: bytes) -> None:
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    _write(draft, content)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)  # noqa: PTH105 atomic on one file system


def _write(folder: Path, content: bytes) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415 slow to import

    shape, pieces, tensors = parse(content)
    # Mean pooling never reads BertModel's pooler; zeros keep the loader from inventing one.
    tensors["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(pieces).save(str(folder / "tokenizer.json"))
    for name, data in _configs(shape).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(data, indent=1))
    files = [file for file in folder.rglob("*") if file.is_file()]
    manifest = {file.relative_to(folder).as_posix(): as_written(file) for file in files}
    (folder / MANIFEST).write_text(json.dumps(manifest))


def as_written(file: Path) -> dict[str, Any]:
    """A file's row of a manifest."""
    found = file.stat()
    return {"size": found.st_size, "changed_ns": found.st_mtime_ns, "sha256": _sha256(file)}


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


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
def alone(lock: Path) -> Iterator[None]:
    """One process at a time inside."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
