"""Agreement with workers as a family: what people did with proposals, from a de-identified extract.

The record writes the extract; nothing here reads a case. What workers take away or add is a report
for whoever maintains the code book and the rules. Nothing learns from it by itself: a code may be
removed because the worker was in a hurry, and a model trained on that would repeat it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any

import orjson

from evals.agreement import Distance, alpha, nominal, ordinal
from evals.fairness import by_group, widest_gap
from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.statistics import NotMeasurable, Row, share
from evals.worker_codes import added_codes, decided, domain, fates, has_code, proposed
from knowledge_base.codebook import URGENCY_ORDER
from runtime.errors import BadInput

SENTENCES = ("accepted", "edited", "struck")
NEEDED = frozenset(
    {"id", "codes", "unsure", "code_decisions", "urgency_proposed", "urgency_decided", "period"}
    | {*SENTENCES, "edit_share", "minutes_to_approval"}
)
GROUPS = ("agency_kind", "age_band", "sex", "region", "nationality", "language", "period")
DISABILITY = "DIS"
UNKNOWN = "unknown"


class ExtractBroken(BadInput):
    """A line is no row of an extract. Details: ``file``, ``line``."""

    code = "evals.extract_broken"


def read_extract(file: Path) -> list[Row]:
    """The rows of an extract (JSONL). Raises `ExtractBroken`."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise ExtractBroken(file=file.name, line=0) from error
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise ExtractBroken(file=file.name, line=number) from error
        if not isinstance(row, dict) or not row.keys() >= NEEDED:
            raise ExtractBroken(file=file.name, line=number)
        rows.append(row)
    return rows


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """What workers kept, by codes, urgency, sentences, letters and minutes."""
    sure = [d for r in rows for d in decided(r, r["codes"])]
    doubtful = [d for r in rows for d in decided(r, r["unsure"])]
    added = sum(len(added_codes(r)) for r in rows)
    taken = sum(sure) + sum(doubtful)
    sentences = {n: sum(r[n] or 0 for r in rows) for n in SENTENCES}
    return {
        "codes_accepted": share(sum(sure), len(sure)),
        "codes_missed": share(added, taken + added),
        "unsure_accepted": share(sum(doubtful), len(doubtful)),
        "code_alpha": code_alpha(rows),
        "urgency_kept": share(
            sum(r["urgency_decided"] == r["urgency_proposed"] for r in rows), len(rows)
        ),
        "urgency_alpha": urgency_alpha(rows),
        **{f"sentences_{n}": share(v, sum(sentences.values())) for n, v in sentences.items()},
        "edit_share": _over(fmean, [r["edit_share"] for r in rows]),
        "minutes_to_approval": _over(median, [r["minutes_to_approval"] for r in rows]),
    }


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """By code and domain what became of proposals, and by group how many codes were kept."""

    def kept(some: Sequence[Row]) -> float | None:
        return figures(some)["codes_accepted"]

    ways: dict[str, Callable[[Row], str]] = {
        name: lambda row, n=name: str(row[n])  # type: ignore[misc]
        for name in GROUPS
        if all(name in r for r in rows)
    }
    ways["disability"] = disabled
    return {
        "by_code": fates(rows, str),
        "by_domain_decided": fates(rows, domain),
        "fairness": {
            name: {"groups": by_group(rows, way, kept), "gap": widest_gap(rows, way, kept)}
            for name, way in ways.items()
        },
    }


def disabled(row: Row) -> str:
    """``with`` when a code of disability stands, else as the record's facts say, or ``unknown``."""
    return "with" if has_code(row, DISABILITY) else str(row.get("disability", UNKNOWN))


def code_alpha(rows: Sequence[Row]) -> float | None:
    """Krippendorff's alpha of engine and worker over the codes somebody decided on."""
    units = [
        (code in proposed(row), said != "removed")
        for row in rows
        for code, said in row["code_decisions"].items()
    ]
    return _alpha(units)


def urgency_alpha(rows: Sequence[Row]) -> float | None:
    """Alpha of the level proposed and the level the case has, over ordered levels."""
    units = [(r["urgency_proposed"], r["urgency_decided"]) for r in rows]
    return _alpha(units, ordinal(URGENCY_ORDER))


def _alpha(units: Sequence[Sequence[Hashable]], distance: Distance = nominal) -> float | None:
    try:
        return alpha(units, distance)
    except NotMeasurable:
        return None


def _over(middle: Callable[[list[float]], float], values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(middle(known)) if known else None


def _read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    return [row for file in files for row in read_extract(file)]


def _recorded(_parts: Parts) -> Measure:
    return dict


WORKERS = Family("workers", _read, {"recorded": _recorded}, figures, detail)
