"""The embedded model as an ordinary sentence-transformers folder, unpacked once and kept whole.

BertModel, unigram tokenizer, mean pooling, normalisation: any version of the library opens it
without a network.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base import e5_weights
from knowledge_base.e5_weights import SHA256, Pieces, Shape, parse, read_weights
from runtime.errors import PartMissing
from runtime.kept_folders import kept_whole


class EmbeddingCacheUnusable(PartMissing):
    """The model folder cannot be written. Details: ``folder``, ``reason``."""

    code = "embedding.cache_unusable"


def unpack(cache_dir: Path, weights: Path | None = None, sha256: str = SHA256) -> Path:
    """The model folder in ``cache_dir``, made if absent or damaged, whole or not at all.

    Raises `EmbeddingWeightsMissing`, `EmbeddingWeightsAltered` or `EmbeddingCacheUnusable`.
    """
    folder = cache_dir / f"e5-small-{sha256[:12]}"
    try:
        return kept_whole(
            folder,
            cache_dir / "e5-small.lock",
            lambda draft: _write(draft, read_weights(weights or e5_weights.weights_file(), sha256)),
        )
    except OSError as error:
        raise EmbeddingCacheUnusable(folder=cache_dir, reason=error.strerror) from error


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
