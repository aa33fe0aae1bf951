"""``make bench-retrieval``: this search against the hybrid modes of its peers, in one run.

Same server, same chunks, same query vectors; both sides are timed on the whole call a caller
makes. Writes the section "Retrieval" of ``docs/benchmarks.md``.
"""

# ruff: noqa: T201
from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np
import psutil

from evals.beir import BeirSet, read_beir
from evals.questions import read_own
from evals.ranking_metrics import difference, figures, interval, means
from knowledge_base.chunking import chunks
from knowledge_base.embedder import Embedder, Vectors, open_embedder
from knowledge_base.library import load_library
from knowledge_base.search import Search
from runtime.database import Database
from runtime.embedded import EmbeddedPostgres
from runtime.settings import load_settings
from tests.benchmark import bench_base
from tests.benchmark.bench_base import Asked
from tests.benchmark.embedding import throughput
from tests.benchmark.report import write_retrieval
from tests.shared_data import shared

HERE = Path(__file__).parent
PEERS = ("langchain-postgres", "llama-index")
PEER_PYTHON = Path(os.environ.get("CMIS_BENCH_PYTHON", ".make/bench-venv/bin/python"))
KEPT = Path(".make/bench-vectors")
SMALL = "statutes"
SIZES = (1_000, 10_000, 100_000)
K = 10
FORMS = {"bare": "as created", "text": "with HNSW", "words": "with HNSW, our words"}
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "512MB",
}


def main() -> None:
    """Measure everything, write the section, print it."""
    sets = _sets()
    embedder = open_embedder(load_settings())
    root = Path(tempfile.mkdtemp(prefix="cmis-b-", dir="/tmp"))
    server = EmbeddedPostgres(root, options=OPTIONS)
    server.start()
    try:
        quality = {name: _compared(server, judged, embedder, name) for name, judged in sets.items()}
        growth = _growth(server, sets[SMALL], embedder)
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)
    report = {"quality": quality, "growth": growth, "embedding": throughput(sets[SMALL])}
    print(json.dumps(report, indent=1, default=str))
    write_retrieval(report)


def _sets() -> dict[str, BeirSet]:
    found = {"own questions": read_own(load_library())}
    folder = shared()
    if folder is None:
        print("The shared data is absent: only our own questions are measured.", file=sys.stderr)
        return {SMALL: found["own questions"]}
    return {name: read_beir(folder / "data" / name) for name in (SMALL, "xquad-th")} | found


def _compared(
    server: EmbeddedPostgres, judged: BeirSet, embedder: Embedder, name: str
) -> dict[str, Any]:
    """Quality and latency of every side over one set."""
    print(f"{name}: {len(judged.items)} items, {len(judged.questions)} questions", flush=True)
    vectors, asked = _embedded(judged, embedder)
    with bench_base.database(server, "bench") as made:
        bench_base.fill(made, judged.items, vectors, segmented=True)
        ours, times, cpu = _ours(bench_base.our_search(made, asked, judged.items), judged)
        sides = {"ours": (ours, times)}
        for peer in PEERS:
            for form, found in _peer(made, asked, peer, tuple(FORMS)).items():
                sides[f"{peer}, {FORMS[form]}"] = found
    found = {side: figures(_named(judged, r), judged.relevant) for side, (r, _) in sides.items()}
    return {
        "items": len(judged.items),
        "chunks": len(vectors),
        "questions": len(judged.questions),
        "cpu_ms": cpu,
        "sides": {
            side: {
                **means(found[side]),
                "ci": {key: interval(v) for key, v in found[side].items()},
                "ours_minus": difference(found["ours"], found[side]),
                **_percentiles(sides[side][1]),
            }
            for side in sides
        },
    }


def _named(judged: BeirSet, rankings: Sequence[list[str]]) -> dict[str, list[str]]:
    return dict(zip(judged.questions, rankings, strict=True))


def _ours(search: Search, judged: BeirSet) -> tuple[list[list[str]], list[float], float]:
    """Rankings, wall times in ms, and the median of the processor's own time in ms."""
    texts = list(judged.questions.values())
    for text in texts[:5]:
        search.find(text, K)
    rankings, times, worked = [], [], []
    for text in texts:
        begun, busy = perf_counter(), thread_time()
        hits = search.find(text, K)
        worked.append((thread_time() - busy) * 1000)
        times.append((perf_counter() - begun) * 1000)
        rankings.append([hit.id for hit in hits])
    return rankings, times, round(float(np.median(worked)), 2)


def _peer(
    made: Database, asked: Asked, peer: str, forms: Sequence[str]
) -> dict[str, tuple[list[list[str]], list[float]]]:
    from knowledge_base.words import words

    with tempfile.TemporaryDirectory() as work:
        np.save(Path(work) / "queries.npy", asked.vectors)
        rows = [{"text": t, "words": " ".join(words(t))} for t in asked.judged.questions.values()]
        (Path(work) / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)))
        printed = subprocess.run(
            [
                str(PEER_PYTHON),
                str(HERE / "peers.py"),
                peer,
                bench_base.address_of(made),
                work,
                *forms,
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    return {form: (f["rankings"], f["times_ms"]) for form, f in json.loads(printed).items()}


def _growth(server: EmbeddedPostgres, judged: BeirSet, embedder: Embedder) -> list[dict[str, Any]]:
    """Latency and memory by number of chunks; the peers are asked at the largest."""
    vectors, asked = _embedded(judged, embedder)
    return [_size(server, judged, asked, vectors, count) for count in SIZES]


def _size(
    server: EmbeddedPostgres, judged: BeirSet, asked: Asked, vectors: Vectors, count: int
) -> dict[str, Any]:
    items, turned = bench_base.copies(judged.items, vectors, count)
    print(f"{len(turned)} chunks", flush=True)
    with bench_base.database(server, "bench") as made:
        begun = perf_counter()
        bench_base.fill(made, items, turned, segmented=False)
        stored = perf_counter()
        peers = {}
        if count == SIZES[-1]:
            peers = {
                f"{peer}, {FORMS[form]}": _percentiles(times)
                for peer in PEERS
                for form, (_, times) in _peer(made, asked, peer, ("bare", "text")).items()
            }
        before = psutil.Process().memory_info().rss
        search = bench_base.our_search(made, asked, items)
        search.find(next(iter(judged.questions.values())), K)
        indexed = psutil.Process().memory_info().rss
        _, times, cpu = _ours(search, judged)
        size = _database_bytes(made)
    return {
        "chunks": len(turned),
        "items": len(items),
        "store_s": round(stored - begun, 1),
        "index_mb": round((indexed - before) / 1e6, 1),
        "database_mb": round(size / 1e6, 1),
        **_percentiles(times),
        "cpu_ms": cpu,
        "peers": peers,
    }


def _database_bytes(made: Database) -> int:
    from sqlalchemy import text

    with made.session() as session:
        return int(session.execute(text("SELECT pg_total_relation_size('kb_chunks')")).scalar_one())


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(times), [50, 95])
    return {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2)}


def _embedded(judged: BeirSet, embedder: Embedder) -> tuple[Vectors, Asked]:
    """Vectors of chunks and questions, kept under the hash of their texts."""
    passages = [c.text for item in judged.items for c in chunks(item)]
    questions = list(judged.questions.values())
    return (
        _kept(embedder, "passages", passages),
        Asked(judged, _kept(embedder, "queries", questions)),
    )


def _kept(embedder: Embedder, role: str, texts: list[str]) -> Vectors:
    digest = hashlib.sha256("\0".join([embedder.name, role, *texts]).encode()).hexdigest()[:16]
    file = KEPT / f"{digest}.npy"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        np.save(file, embedder.passages(texts) if role == "passages" else embedder.queries(texts))
    found: Vectors = np.load(file)
    return found


if __name__ == "__main__":
    main()
