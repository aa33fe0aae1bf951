"""A sentence-transformers model in int8: exported to ONNX once, quantised, kept by hash.

Weights become int8 per channel and activations are quantised as they come, so no sample text is
needed. The file is made beside the unpacked model, named by the hash of the weights it was made
from, and checked before each use.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runtime.errors import PartMissing
from runtime.kept_folders import MANIFEST, alone, as_written, is_whole

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from sentence_transformers import SentenceTransformer

FILE = "model.int8.onnx"
OPSET = 17
INPUTS = ("input_ids", "attention_mask")
OUTPUT = "token_embeddings"


class Int8Unusable(PartMissing):
    """The model cannot be brought to int8 or its file not be kept. Details: ``reason``."""

    code = "embedding.int8_unusable"


class Int8Model:
    """Token embeddings by ONNX Runtime, pooling by the model's own modules."""

    def __init__(self, model: SentenceTransformer, session: InferenceSession) -> None:
        self._tokenizer: Any = model.tokenizer
        self._longest = model.max_seq_length
        self._rest = list(model)[1:]
        self._session = session
        self._dimension = model.get_embedding_dimension()

    def get_embedding_dimension(self) -> int | None:
        """Length of a vector."""
        return self._dimension

    def encode(self, texts: Sequence[str], *, batch_size: int = 8, **_: Any) -> NDArray[np.float32]:
        """Vectors ``(len(texts), dimension)`` of length 1, as `SentenceTransformer.encode`."""
        parts = [
            self._batch(list(texts[start : start + batch_size]))
            for start in range(0, len(texts), batch_size)
        ]
        return np.concatenate(parts)

    def _batch(self, texts: list[str]) -> NDArray[np.float32]:
        import torch  # noqa: PLC0415 seconds to import

        features: dict[str, Any] = dict(
            self._tokenizer(
                texts, padding=True, truncation=True, max_length=self._longest, return_tensors="pt"
            )
        )
        given = {name: features[name].numpy().astype(np.int64) for name in INPUTS}
        features[OUTPUT] = torch.from_numpy(self._session.run([OUTPUT], given)[0])
        with torch.inference_mode():
            for module in self._rest:
                features = module(features)
        made: NDArray[np.float32] = features["sentence_embedding"].numpy()
        unit: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit


def in_int8(model: SentenceTransformer, cache_dir: Path, threads: int = 0) -> Int8Model:
    """The model in int8, made on first use. Raises `Int8Unusable`."""
    folder = cache_dir / f"int8-{weights_hash(model)[:12]}"
    try:
        with alone(cache_dir / "int8.lock"):
            if not is_whole(folder):
                _make(model, folder)
        return Int8Model(model, _session(folder / FILE, threads))
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise Int8Unusable(reason=type(error).__name__) from error


def weights_hash(model: SentenceTransformer) -> str:
    """sha256 over the names and values of all weights."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.float().numpy()).data)
    return digest.hexdigest()


def _make(model: SentenceTransformer, folder: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 slow to import

    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    whole = draft / "model.onnx"
    _export(model, whole)
    quantize_dynamic(whole, draft / FILE, per_channel=True, weight_type=QuantType.QInt8)
    whole.unlink()
    (draft / MANIFEST).write_text(json.dumps({FILE: as_written(draft / FILE)}))
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)


def _export(model: SentenceTransformer, file: Path) -> None:
    import torch  # noqa: PLC0415 seconds to import

    body: Any = model[0].auto_model
    body.set_attn_implementation("eager")

    class Tokens(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = body

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
            return found

    sample = torch.ones((2, 16), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Tokens().eval(),
            (sample, sample),
            str(file),
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*INPUTS, OUTPUT)},
            opset_version=OPSET,
            dynamo=False,
        )


def _session(file: Path, threads: int) -> InferenceSession:
    import onnxruntime  # noqa: PLC0415 slow to import

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
