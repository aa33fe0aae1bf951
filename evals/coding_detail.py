"""What lies behind the figures of coding: by domain, by urgency, by score, and by the words.

`detailed` adds to a row of `evals.coding.compare` what these need; the figures are of such rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.agreement import alpha, ordinal
from evals.calibration import Scored
from evals.coding import compare
from evals.span_overlap import Place, character_f1, overlap
from evals.statistics import NotMeasurable, Row
from intake.schemas import CodedNarrative
from knowledge_base.codebook import URGENCY_ORDER


def detailed(case: Mapping[str, Any], coded: CodedNarrative) -> dict[str, Any]:
    """One story's row, with the score of every code, and the overlap of its words by code."""
    key = case["key"]
    wanted = {c["code"]: str(c.get("evidence", "")) for c in key["problem_codes"]}
    present = coded.code_ids()
    offered = [*coded.codes, *coded.unsure]
    return {
        **compare(case, coded),
        "scores": [[c.score, c.code in wanted] for c in offered if c.role != "past"],
        "overlaps": [
            list(overlap([(s.start, s.end) for s in c.spans], _places(wanted[c.code], case)))
            for c in coded.codes
            if c.code in wanted and c.code in present and _places(wanted[c.code], case)
        ],
        "urgency_wanted": key["urgency"],
    }


def detail_figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Overlap of the words of codes that were hit, and agreement on urgency with the key."""
    counts = [sum(o[i] for r in rows for o in r["overlaps"]) for i in range(3)]
    return {"span_f1": character_f1(*counts), "urgency_alpha": urgency_alpha(rows)}


def urgency_alpha(rows: Sequence[Row]) -> float | None:
    """Krippendorff's alpha of engine and key over ordered levels; None when nothing varies."""
    try:
        return alpha([(r["urgency"], r["urgency_wanted"]) for r in rows], ordinal(URGENCY_ORDER))
    except NotMeasurable:
        return None


def by_domain(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """F1 of codes by the domain in front of the hyphen, with its counts."""
    counts: dict[str, Counter[str]] = {}
    for part in ("hit", "missed", "extra"):
        for code in (c for r in rows for c in r[part]):
            counts.setdefault(code.split("-")[0], Counter())[part] += 1
    return {domain: _f1(counts[domain]) for domain in sorted(counts)}


def urgency_confusion(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """How often a level of the key (outer) became which level of the engine (inner)."""
    found = Counter((r["urgency_wanted"], r["urgency"]) for r in rows)
    return {w: {g: found[w, g] for g in URGENCY_ORDER} for w in URGENCY_ORDER}


def answers(rows: Iterable[Row]) -> list[Scored]:
    """Every offered code's score and whether the key has it."""
    return [(float(score), bool(right)) for r in rows for score, right in r["scores"]]


def _f1(counts: Mapping[str, int]) -> dict[str, float]:
    hit, missed, extra = (counts[p] for p in ("hit", "missed", "extra"))
    f1 = 2 * hit / (2 * hit + missed + extra)
    return {"f1": round(f1, 4), "hit": hit, "missed": missed, "extra": extra}


def _places(words: str, case: Mapping[str, Any]) -> list[Place]:
    start = case["narrative"].find(words) if words else -1
    return [] if start < 0 else [(start, start + len(words))]
