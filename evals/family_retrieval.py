"""Search as a family: our own questions (or a BEIR folder) by all legs, and with a leg dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

from evals.beir import BeirSet, read_beir
from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.questions import read_own
from evals.ranking_metrics import DEPTH, MEASURES, MULTI_HIT, of_ranking
from evals.statistics import Row
from knowledge_base.fusion import fused
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.ranking import Ranker, Ranking, nearest_only

LEGS = ("dense", "words", "trigrams")
_indexes: WeakKeyDictionary[Parts, dict[str, tuple[Ranker, Any]]] = WeakKeyDictionary()


def read(parts: Parts, folders: Sequence[Path]) -> list[Case]:
    """The questions with what answers them; with no folder our own questions."""
    judged = _judged(parts, folders[0] if folders else None)
    own = str(folders[0]) if folders else ""
    return [
        {"id": q, "text": text, "relevant": sorted(judged.relevant[q]), "set": own}
        for q, text in judged.questions.items()
    ]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Means over the questions, and the median time of one."""
    found: dict[str, float | None] = {
        n: sum(r[n] for r in rows) / len(rows) if rows else None for n in (*MEASURES, MULTI_HIT)
    }
    return {**found, "p50_ms": median(r["ms"] for r in rows) if rows else None}


def _judged(parts: Parts, folder: Path | None) -> BeirSet:
    return read_beir(folder) if folder else read_own(parts.library)


def _open(dropped: str | None) -> Callable[[Parts], Measure]:
    def opened(parts: Parts) -> Measure:
        def measure(case: Case) -> dict[str, Any]:
            ranker, passages = _index(parts, case["set"])
            begun = perf_counter()
            vector = parts.embedder.query(case["text"])
            ranking = without(ranker.rank(case["text"], nearest_only(passages @ vector)), dropped)
            best = [ranker.items[row].id for row in ranking.best(DEPTH)]
            ms = round((perf_counter() - begun) * 1000, 2)
            return {"id": case["id"], **of_ranking(best, case["relevant"]), "ms": ms}

        return measure

    return opened


def without(ranking: Ranking, dropped: str | None) -> Ranking:
    """The ranking with one leg left out of the fusion."""
    if dropped is None:
        return ranking
    legs = {name: leg for name, leg in ranking.legs.items() if name != dropped}
    return Ranking(fused(legs), legs, ranking.nearest)


def _index(parts: Parts, folder: str) -> tuple[Ranker, Any]:
    """The index of a folder, made once for all engines of a process."""
    known = _indexes.setdefault(parts, {})
    if folder not in known:
        known[folder] = _indexed(parts, folder)
    return known[folder]


def _indexed(parts: Parts, folder: str) -> tuple[Ranker, Any]:
    ranker = Ranker(_judged(parts, Path(folder) if folder else None).items)
    kept = KeptVectors(parts.settings.cache_dir)
    passages = kept.of(ranker.chunks, parts.embedder)
    ranker.rank("", nearest_only(passages[:, 0]))
    return ranker, passages


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": _open(None),
    **{f"without-{leg}": _open(leg) for leg in LEGS},
}
TIMED = frozenset({"p50_ms"})
RETRIEVAL = Family("retrieval", read, ENGINES, figures, timed=TIMED, lower=TIMED)
