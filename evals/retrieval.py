"""How well search finds, on a judged set: the very ranking of the product over another corpus.

The dense leg is given its vectors exactly; everything else is `knowledge_base.ranking`. One run
also ranks by each leg alone, by reciprocal-rank fusion and by weights that do not follow the
question's coverage, with paired intervals against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

import numpy as np

from evals.beir import BeirSet
from evals.ranking_metrics import DEPTH, Figures, difference, figures, interval, means
from knowledge_base.embedder import Embedder, Progress, Vectors
from knowledge_base.fusion import WEIGHTS, fused, reciprocal
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.ranking import Ranker, Ranking, nearest_only

Rankings = dict[str, list[str]]


def evaluate_set(
    judged: BeirSet,
    embedder: Embedder,
    progress: Progress | None = None,
    kept: KeptVectors | None = None,
) -> dict[str, Any]:
    """Figures over a judged set; times in ms of one query, its embedding included.

    With ``kept`` the vectors of the corpus stay for the next time, also of a run that was stopped.
    """
    ranker = Ranker(judged.items)
    if kept:
        passages = kept.of(ranker.chunks, embedder, progress)
    else:
        passages = embedder.passages([c.text for c in ranker.chunks], progress)
    report, _ = measure(judged, ranker, passages, embedder)
    return report


def measure(
    judged: BeirSet, ranker: Ranker, passages: Vectors, embedder: Embedder
) -> tuple[dict[str, Any], Mapping[str, Figures]]:
    """Rank every question once by ``passages`` ``(chunks, dimension)``: report, figures by way."""
    ranker.rank("", nearest_only(passages[:, 0]))
    ways: dict[str, Rankings] = {}
    times, embedding = [], []
    for question, text in judged.questions.items():
        begun = perf_counter()
        vector = embedder.query(text)
        embedded = perf_counter()
        ranking = ranker.rank(text, nearest_only(passages @ vector))
        best = ranking.best(DEPTH)
        times.append(perf_counter() - begun)
        embedding.append(embedded - begun)
        for way, rows in {"fused": best, **_other_ways(ranking)}.items():
            ways.setdefault(way, {})[question] = [ranker.items[row].id for row in rows]
    found = {way: figures(rankings, judged.relevant) for way, rankings in ways.items()}
    report = {**_report(found), **_speed(times, embedding), "questions": len(judged.questions)}
    return report, found


def pooled(sets: Sequence[Mapping[str, Figures]]) -> dict[str, dict[str, list[float]]]:
    """Paired differences of the fused ranking over the questions of several sets together."""
    together = {
        way: {name: np.concatenate([found[way][name] for found in sets]) for name in sets[0][way]}
        for way in sets[0]
    }
    ours = together.pop("fused")
    return {way: difference(ours, theirs) for way, theirs in together.items()}


def _other_ways(ranking: Ranking) -> dict[str, list[int]]:
    alone = {
        name: Ranking(leg, {}, ranking.nearest).best(DEPTH) for name, leg in ranking.legs.items()
    }
    alone.pop("sections", None)
    others = {"rrf": reciprocal(ranking.legs), "fixed weights": fused(ranking.legs, WEIGHTS)}
    return alone | {
        name: Ranking(scores, {}, ranking.nearest).best(DEPTH) for name, scores in others.items()
    }


def _report(found: Mapping[str, Figures]) -> dict[str, Any]:
    ours = found["fused"]
    return {
        **means(ours),
        "ci": {name: interval(values) for name, values in ours.items()},
        "ablation": {way: means(values) for way, values in found.items() if way != "fused"},
        "against": {way: difference(ours, v) for way, v in found.items() if way != "fused"},
    }


def _speed(times: Sequence[float], embedding: Sequence[float]) -> dict[str, float]:
    ranking = np.array(times) - np.array(embedding)
    p50, p95 = np.percentile(np.array(times) * 1000, [50, 95])
    return {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "ranking_p50_ms": round(float(np.median(ranking) * 1000), 2),
    }
