"""De-identification as a family: the masker, and one that masks nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.privacy import ALL, Finds, count
from evals.privacy import figures as privacy_figures
from evals.privacy_sets import Labelled, read_spans, read_vignettes
from evals.statistics import Row
from evals.stories import stories
from evals.story_groups import about, by_set, fairness
from intake.entities import Entity
from intake.privacy import Masker


def read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    """Labelled texts of vignette (YAML) and span (JSONL) files."""
    texts = [t for f in files for t in (read_spans if f.suffix == ".jsonl" else read_vignettes)(f)]
    told = [story for f in files if f.suffix != ".jsonl" for story in stories(f)]
    groups = {story["id"]: about(story) for story in told}
    return [
        {
            **({"about": groups[t.id]} if t.id in groups else {}),
            "id": t.id,
            "text": t.text,
            "gold": [[e.start, e.end, e.type] for e in t.gold],
            "types": sorted(t.types),
        }
        for t in texts
    ]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Recall, precision and whole entities, of all types and then by type."""
    types = [ALL, *sorted({t for r in rows for t in r["counts"]} - {ALL})]
    report = privacy_figures(_summed(rows, types), types)
    found: dict[str, float | None] = {
        n: report[n] for n in ("recall", "precision", "entity_recall")
    }
    for kind, row in report["by_type"].items():
        found[f"{kind}.recall"] = row["recall"] if row["entities"] else None
    return found


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """All figures by type, with how many entities stand behind them, and recall by whom for."""
    types = [ALL, *sorted({t for r in rows for t in r["counts"]} - {ALL})]
    found = {"by_type": privacy_figures(_summed(rows, types), types)["by_type"]}
    told = [r for r in rows if "region" in r]
    if not told:
        return found
    return {
        **found,
        "by_set": by_set(told, figures),
        "fairness": fairness(told, lambda some: figures(some)["recall"]),
    }


class MasksNothing:
    """The masker that lets everything through."""

    def find(self, text: str) -> list[Entity]:
        """Nothing."""
        return []


def _summed(rows: Sequence[Row], types: Sequence[str]) -> Any:
    none = [0] * 6
    counts = [[r["counts"].get(t, none) for t in types] for r in rows]
    return np.array(counts, dtype=np.int64).reshape(-1, len(types), 6).sum(axis=0)


def _open(make: Callable[[], Finds]) -> Callable[[Parts], Measure]:
    def opened(_parts: Parts) -> Measure:
        masker = make()

        def measure(case: Case) -> dict[str, Any]:
            gold = tuple(Entity(*place) for place in case["gold"])
            text = Labelled(case["id"], case["text"], gold, frozenset(case["types"]))
            found = masker.find(text.text)
            kinds = {ALL: None, **{t: t for t in case["types"]}}
            counts = {n: count(text, found, k) for n, k in kinds.items()}
            return {"id": text.id, "counts": counts, **case.get("about", {})}

        return measure

    return opened


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": _open(Masker),
    "mask-nothing": _open(MasksNothing),
}
PRIVACY = Family("privacy", read, ENGINES, figures, detail)
