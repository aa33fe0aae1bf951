"""Embedding throughput: ours in fp32 and int8 against a bare ``SentenceTransformer.encode``.

The three take turns on the same passages; ratios are medians over the rounds, so a neighbour's
load falls on all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from evals.beir import BeirSet
from knowledge_base.chunking import chunks
from knowledge_base.e5_folder import unpack
from knowledge_base.embedder import open_embedder
from runtime.settings import load_settings

ROUNDS = 5
PASSAGES = 48


def throughput(judged: BeirSet) -> dict[str, Any]:
    """Passages a second and ratios to the bare library, with the cosine of int8 to fp32."""
    from sentence_transformers import SentenceTransformer

    every = [c.text for item in judged.items for c in chunks(item)]
    texts = every[:: max(1, len(every) // PASSAGES)][:PASSAGES]
    settings = load_settings()
    bare = SentenceTransformer(str(unpack(settings.cache_dir)), device="cpu")
    fp32 = open_embedder(settings)
    int8 = open_embedder(settings.model_copy(update={"embedding_precision": "int8"}))
    ways: dict[str, Callable[[], Any]] = {
        "bare": lambda: bare.encode([f"passage: {t}" for t in texts], normalize_embeddings=True),
        "fp32": lambda: fp32.passages(texts),
        "int8": lambda: int8.passages(texts),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for run in [run for _ in range(ROUNDS + 1) for run in ways.items()]:
        begun = perf_counter()
        run[1]()
        times[run[0]].append(perf_counter() - begun)
    seconds = {name: np.array(taken[1:]) for name, taken in times.items()}
    cosines = (fp32.passages(texts) * int8.passages(texts)).sum(axis=1)
    return {
        "passages": len(texts),
        "rounds": ROUNDS,
        "per_s": {name: round(len(texts) / float(np.median(s)), 1) for name, s in seconds.items()},
        "fp32_to_bare": round(float(np.median(seconds["bare"] / seconds["fp32"])), 3),
        "int8_to_bare": round(float(np.median(seconds["bare"] / seconds["int8"])), 3),
        "cosine_mean": round(float(cosines.mean()), 4),
        "cosine_min": round(float(cosines.min()), 4),
        "query_ms": {
            name: round(_query_ms(run), 2)
            for name, run in (("fp32", fp32.query), ("int8", int8.query))
        },
    }


def _query_ms(run: Callable[[str], Any]) -> float:
    times = []
    for n in range(30):
        begun = perf_counter()
        run(f"เด็กถูกทารุณกรรมในครอบครัว ต้องแจ้งใคร {n}")
        times.append((perf_counter() - begun) * 1000)
    return float(np.median(times))
