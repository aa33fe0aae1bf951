"""Screening for schemes as a family: the households written beside each scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.statistics import Row
from knowledge_base.cases import SchemeCase, differences, load_cases
from knowledge_base.eligibility import screen
from knowledge_base.library import DATA


def read(parts: Parts, folders: Sequence[Path]) -> list[Case]:
    """Every test household of every scheme."""
    where = folders[0] if folders else DATA
    return [
        {"id": f"{scheme}/{n}", "scheme": scheme, "case": case.model_dump(mode="json")}
        for scheme in parts.library.schemes
        for n, case in enumerate(load_cases(where, scheme), 1)
    ]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Share of households with everything as written, and with the verdict as written."""
    if not rows:
        return {"agreement": None, "verdict_accuracy": None}
    return {
        "agreement": sum(not r["differences"] for r in rows) / len(rows),
        "verdict_accuracy": sum(r["verdict"] == r["wanted"] for r in rows) / len(rows),
    }


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """Agreement by scheme, and what verdict became what."""
    schemes = sorted({r["scheme"] for r in rows})
    split = {s: [r for r in rows if r["scheme"] == s] for s in schemes}
    seen = Counter((r["wanted"], r["verdict"]) for r in rows)
    return {
        "by_scheme": {
            s: {"n": len(some), "agree": sum(not r["differences"] for r in some)}
            for s, some in split.items()
        },
        "confusion": {f"{wanted}>{got}": n for (wanted, got), n in sorted(seen.items())},
    }


def _open(*, blind: bool) -> Callable[[Parts], Measure]:
    def opened(parts: Parts) -> Measure:
        def measure(case: Case) -> dict[str, Any]:
            known = SchemeCase.model_validate(case["case"])
            asked = known.model_copy(update={"facts": {}}) if blind else known
            scheme = parts.library.schemes[case["scheme"]]
            (found,) = screen(parts.library, asked.facts, asked.as_of, only=[scheme.id])
            return {
                "id": case["id"],
                "scheme": scheme.id,
                "wanted": known.verdict,
                "verdict": found.verdict,
                "differences": differences(parts.library, scheme, asked),
            }

        return measure

    return opened


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": _open(blind=False),
    "without-facts": _open(blind=True),
}
ELIGIBILITY = Family("eligibility", read, ENGINES, figures, detail)
