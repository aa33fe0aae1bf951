"""Rows and figures of runs as CSV and Parquet, for whoever analyses elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from evals.runs import Run
from runtime.table_cells import csv_of

COLUMNS = ("experiment", "family", "engine", "metric", "value", "low", "high", "cases")


def figure_rows(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """One flat row a figure, by experiment and engine (`COLUMNS`)."""
    return [
        _figure(run, engine, metric, value)
        for run in runs
        for engine, found in run.document["engines"].items()
        for metric, value in found["figures"].items()
    ]


def case_rows(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """One row a case and engine; what is not a single value is JSON text."""
    return [
        {"experiment": run.document["experiment"]["id"], "engine": engine, **_flat(row)}
        for run in runs
        for engine, rows in run.rows.items()
        for row in rows
    ]


def export(runs: Sequence[Run], folder: Path) -> list[Path]:
    """Write ``figures.csv``, ``figures.parquet``, ``cases-FAMILY.csv`` and ``.parquet``."""
    tables = {"figures": figure_rows(runs)}
    for name in sorted({r.document["experiment"]["family"] for r in runs}):
        same = [r for r in runs if r.document["experiment"]["family"] == name]
        tables[f"cases-{name}"] = case_rows(same)
    return [file for name, rows in tables.items() for file in _write(rows, folder, name)]


def _figure(run: Run, engine: str, metric: str, value: float | None) -> dict[str, Any]:
    ends = run.document["engines"][engine]["ci"].get(metric) or (None, None)
    experiment = run.document["experiment"]
    known = (experiment["id"], experiment["family"], engine, metric, value, *ends)
    return dict(zip(COLUMNS, (*known, run.document["cases"]), strict=True))


def _flat(row: Any) -> dict[str, Any]:
    return {
        k: orjson.dumps(v).decode() if isinstance(v, (list, tuple, dict)) else v
        for k, v in row.items()
    }


def _write(rows: Sequence[dict[str, Any]], folder: Path, name: str) -> list[Path]:
    columns = list(dict.fromkeys(k for row in rows for k in row))
    folder.mkdir(parents=True, exist_ok=True)
    plain, packed = folder / f"{name}.csv", folder / f"{name}.parquet"
    plain.write_bytes(csv_of(columns, ([row.get(c) for c in columns] for row in rows)))
    table = pa.table({c: pa.array([row.get(c) for row in rows]) for c in columns})
    pq.write_table(table, packed)
    return [plain, packed]
