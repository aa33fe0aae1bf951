"""Writes one section of ``docs/benchmarks.md``; the other sections stay as they are."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

FILE = Path("docs/benchmarks.md")
FIGURES = ("hit@1", "hit@5", "hit@10", "recall@10", "ndcg@10")

ABOUT = """One run, one embedded PostgreSQL, the same chunks and query
vectors for every side; times are the whole call without embedding, so compare within this run.
Quality counts items (a peer is asked for 40 chunks and its first ten items are judged); times are
of asking for ten. A peer is measured as its library creates the table, with an HNSW index added,
and with that and our segmentation of texts and questions. Intervals are 95 %, resampling
questions; “gap” is ours minus theirs in nDCG@10."""


def write_retrieval(report: dict[str, Any], file: Path = FILE) -> None:
    """Replace or add the section "Retrieval"."""
    known = file.read_text(encoding="utf-8") if file.exists() else "# Benchmarks\n"
    section = "\n".join(["## Retrieval", "", *_lines(report)]).rstrip() + "\n"
    pattern = re.compile(r"^## Retrieval\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(known):
        text = pattern.sub(lambda _: section + "\n", known)
    else:
        text = f"{known.rstrip()}\n\n{section}"
    file.write_text(text.rstrip() + "\n", encoding="utf-8")


def _lines(report: dict[str, Any]) -> Iterable[str]:
    machine = (
        f"{psutil.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    load = ", ".join(f"{x:.1f}" for x in psutil.getloadavg())
    yield f"`make bench-retrieval`, {datetime.now(UTC):%Y-%m-%d}, {machine}, load average"
    yield f"at the end {load}. {ABOUT}"
    for name, found in report["quality"].items():
        yield ""
        yield f"**{name}**: {found['items']:,} items, {found['chunks']:,} chunks, "
        yield f"{found['questions']} questions; ours takes {found['cpu_ms']:.1f} ms of processor."
        yield ""
        yield from _table(
            ["side", *FIGURES, "gap [95 %]", "p50 ms", "p95 ms"],
            [_side(side, f) for side, f in found["sides"].items()],
        )
    yield from _growth(report["growth"])
    yield from _embedding(report["embedding"])


def _side(side: str, found: dict[str, Any]) -> list[str]:
    mean, low, high = found["ours_minus"]["ndcg@10"]
    gap = "" if side == "ours" else f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"
    figures = [f"{found[f]:.3f}" for f in FIGURES]
    return [side, *figures, gap, f"{found['p50_ms']:.1f}", f"{found['p95_ms']:.1f}"]


def _growth(sizes: Sequence[dict[str, Any]]) -> Iterable[str]:
    yield ""
    yield "**Growth.** Copies of the statutes with vectors turned a little; no claim of quality."
    yield ""
    yield from _table(
        [
            "chunks",
            "p50 ms",
            "p95 ms",
            "processor ms",
            "index in memory MB",
            "table and HNSW MB",
            "store s",
        ],
        [
            [
                f"{s['chunks']:,}",
                f"{s['p50_ms']:.1f}",
                f"{s['p95_ms']:.1f}",
                f"{s['cpu_ms']:.1f}",
                f"{s['index_mb']:.0f}",
                f"{s['database_mb']:.0f}",
                f"{s['store_s']:.0f}",
            ]
            for s in sizes
        ],
    )
    yield ""
    largest = sizes[-1]
    for peer, found in largest["peers"].items():
        times = found["p50_ms"] / largest["p50_ms"]
        yield f"- {peer} at {largest['chunks']:,}: p50 {found['p50_ms']:.1f} ms, "
        yield f"  p95 {found['p95_ms']:.1f} ms ({times:.1f} × ours)."
    first = sizes[0]
    for what, unit in (("index_mb", "MB in memory"), ("p50_ms", "ms p50")):
        slope = (largest[what] - first[what]) / (largest["chunks"] - first["chunks"])
        at = largest[what] + slope * (1_000_000 - largest["chunks"])
        yield f"- Projection to 1,000,000 chunks, {unit}: y(n) = {largest[what]:.4g} + "
        yield f"  {slope:.3g}·(n − {largest['chunks']:,}), so {at:,.0f} (a straight line through "
        yield "  the smallest and the largest; not measured)."


def _embedding(found: dict[str, Any]) -> Iterable[str]:
    rate = found["per_s"]
    yield ""
    yield f"**Embedding.** {found['passages']} passages, {found['rounds']} rounds taking turns."
    yield ""
    yield from _table(
        ["way", "passages/s", "ratio to bare", "query ms"],
        [
            ["bare SentenceTransformer.encode", f"{rate['bare']:.1f}", "1", ""],
            *(
                [
                    f"ours, {way}",
                    f"{rate[way]:.1f}",
                    f"{found[f'{way}_to_bare']:.2f}",
                    f"{found['query_ms'][way]:.1f}",
                ]
                for way in ("fp32", "int8")
            ),
        ],
    )
    yield ""
    mean, least = found["cosine_mean"], found["cosine_min"]
    yield f"Cosine of int8 to fp32: mean {mean:.4f}, least {least:.4f}."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
