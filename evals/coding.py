"""How well a coder codes: exact codes, red flags, urgency, traps, against expert keys.

Figures follow the set's own rules: a code counts whatever its role (except past); urgency may be
any level of ``urgency_acceptable``. Intervals resample whole stories, for codes of one story
depend on each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from evals.calibration import Scored, calibration_error, reliability
from evals.intervals import RESAMPLES, clustered
from intake.narrative import Narrative, accept
from intake.schemas import CodedNarrative, Role, Span
from knowledge_base.marked_yaml import read_marked, unmarked

Row = dict[str, Any]


class Codes(Protocol):
    """Anything that codes narratives."""

    def code(self, narrative: Narrative) -> CodedNarrative:
        """Codes of one story."""


def evaluate_coding(vignettes: Path, coder: Codes) -> dict[str, Any]:
    """All figures over a vignette file, with 95 % intervals (``ci``) and ``rows`` per story.

    ``calibration``: how often codes of a score are right, with the scores of unsure ones.
    """
    cases = unmarked(read_marked(vignettes))["vignettes"]
    coded = [coder.code(accept(case["narrative"])) for case in cases]
    rows = [compare(case, made) for case, made in zip(cases, coded, strict=True)]
    scored = [_scored(case, made) for case, made in zip(cases, coded, strict=True)]
    return {
        **figures(rows),
        "ci": intervals(rows),
        "calibration": calibration(scored),
        "rows": rows,
        "n": len(rows),
    }


def calibration(stories: Sequence[Sequence[Scored]]) -> dict[str, Any]:
    """``error`` (expected, 0-1) with its interval ``ci``, and the reliability ``table``.

    ``stories``: the scores of each story. Nothing without scores.
    """
    scored = _all(stories)
    if not scored:
        return {"error": None, "ci": None, "table": []}
    told = [s for s in stories if s]
    within = clustered(told, lambda some: {"error": calibration_error(_all(some))})
    table = [asdict(b) for b in reliability(scored)]
    return {"error": round(calibration_error(scored), 4), "ci": within["error"], "table": table}


def _all(stories: Sequence[Sequence[Scored]]) -> list[Scored]:
    return [s for story in stories for s in story]


def compare(case: Mapping[str, Any], coded: CodedNarrative) -> Row:
    """One story's found and expected codes, flags and urgency."""
    key = case["key"]
    expected = {c["code"] for c in key["problem_codes"]}
    found, flags, wanted = coded.code_ids(), coded.flag_ids(), set(key["red_flags"])
    traps = {c["code"] for c in key.get("not_codes", ())}
    spans = [s for c in coded.codes for s in c.spans] + [
        s for f in coded.red_flags for s in f.spans
    ]
    return {
        "id": case["id"],
        "hit": sorted(expected & found),
        "missed": sorted(expected - found),
        "extra": sorted(found - expected),
        "flags_hit": sorted(wanted & flags),
        "flags_missed": sorted(wanted - flags),
        "flags_extra": sorted(flags - wanted),
        "urgency": coded.urgency.level,
        "urgency_ok": coded.urgency.level in key.get("urgency_acceptable", [key["urgency"]]),
        "traps": sorted(traps),
        "trapped": sorted(traps & found),
        "spans": len(spans),
        "spans_exact": sum(exact(s, case["narrative"]) for s in spans),
    }


def _scored(case: Mapping[str, Any], coded: CodedNarrative) -> list[Scored]:
    wanted = {c["code"] for c in case["key"]["problem_codes"]}
    offered = (*coded.codes, *coded.unsure)
    return [(c.score, c.code in wanted) for c in offered if c.role is not Role.PAST]


def exact(span: Span, story: str) -> bool:
    """Whether a span's words are the story's at its offsets."""
    return bool(span.text) and story[span.start : span.end] == span.text


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """The figures of some stories; 1.0 where nothing could be missed."""
    return {
        "micro_f1": _f1(_sum(rows, "hit"), _sum(rows, "extra"), _sum(rows, "missed")),
        "macro_f1": _macro(rows),
        "red_flag_recall": _share(_sum(rows, "flags_hit"), _sum(rows, "flags_missed")),
        "red_flag_precision": _share(_sum(rows, "flags_hit"), _sum(rows, "flags_extra")),
        "urgency_accuracy": sum(r["urgency_ok"] for r in rows) / len(rows) if rows else 1.0,
        "traps_avoided": 1 - _sum(rows, "trapped") / max(1, _sum(rows, "traps")),
        "span_exact": sum(r["spans_exact"] for r in rows) / max(1, sum(r["spans"] for r in rows)),
    }


def intervals(rows: Sequence[Row], resamples: int = RESAMPLES) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals of the figures, resampling stories with replacement."""
    return clustered(rows, figures, resamples)


def _macro(rows: Sequence[Row]) -> float:
    """Mean F1 over the codes that are expected or found somewhere."""
    counts = {
        part: Counter(c for r in rows for c in r[part]) for part in ("hit", "extra", "missed")
    }
    codes = sorted(set().union(*counts.values()))
    scores = [_f1(*(found[c] for found in counts.values())) for c in codes]
    return sum(scores) / len(scores) if scores else 1.0


def _sum(rows: Sequence[Row], part: str) -> int:
    return sum(len(r[part]) for r in rows)


def _f1(hit: int, extra: int, missed: int) -> float:
    total = 2 * hit + extra + missed
    return 2 * hit / total if total else 1.0


def _share(hit: int, other: int) -> float:
    return hit / (hit + other) if hit + other else 1.0
