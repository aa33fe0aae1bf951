"""Plots of a run as SVG: figures with their intervals, and the tables that say more as a picture.

Labels are the names of figures and engines, which are Latin letters whatever the report's language.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, PALE = "#1f3a5f", "#9db4d0"
mpl.rcParams["svg.hashsalt"] = "cmis"
mpl.rcParams["svg.fonttype"] = "none"


def plots(document: Mapping[str, Any]) -> dict[str, str]:
    """SVG texts of a run by name: ``figures`` always, others where the family has the detail."""
    engines = document["engines"]
    wanted = document["experiment"]["metrics"]
    first = document["experiment"]["engines"][0]
    detail = engines[first]["detail"]
    made = {"figures": _forest(engines, wanted, document.get("lower", ()))}
    if detail.get("reliability"):
        made["calibration"] = calibration_plot(detail["reliability"])
        made["abstention"] = _abstention(detail["abstention"])
    if detail.get("by_domain"):
        values = {d: row["f1"] for d, row in detail["by_domain"].items()}
        made["domains"] = _bars(values, "F1 of codes by domain")
    if detail.get("by_domain_decided"):
        removed = {d: r["value"] for d, r in detail["by_domain_decided"].items()}
        kept = {d: v for d, v in removed.items() if v is not None}
        made["removed"] = _bars(kept, "share of proposals removed")
    if detail.get("by_type"):
        values = {t: row["recall"] for t, row in detail["by_type"].items() if row["entities"]}
        made["types"] = _bars(values, "recall of characters by type")
    if detail.get("urgency_confusion"):
        made["urgency"] = _grid(detail["urgency_confusion"])
    if detail.get("fairness"):
        made["groups"] = group_plot(detail["fairness"])
    return made


def _forest(engines: Mapping[str, Any], wanted: Sequence[str], lower: Sequence[str]) -> str:
    """Figures between 0 and 1 with their intervals, one mark an engine."""
    first = next(iter(engines.values()))["figures"]
    names = [n for n, v in first.items() if v is not None and 0 <= v <= 1]
    names = [n for n in names if not wanted or n in wanted]
    figure, axes = _axes(height=0.9 + 0.28 * len(names) * max(1, len(engines) * 0.6))
    for place, (engine, found) in enumerate(engines.items()):
        cells = [(found["figures"].get(n), found["ci"].get(n)) for n in names]
        _marks(axes, cells, shift=place / (len(engines) + 1), color=f"C{place}", label=engine)
    marked = [f"{n} ↓" if n in lower else n for n in names]
    _rows(axes, marked, "figures in 0–1 with 95 % intervals (↓: lower is better)")
    if len(engines) > 1:
        axes.legend(fontsize=7, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False)
    return _svg(figure)


def calibration_plot(table: Sequence[Mapping[str, float]]) -> str:
    """The reliability table as SVG: mean score against share right, with counts."""
    figure, axes = _axes(width=4, height=3.4)
    axes.plot([0, 1], [0, 1], "--", color=PALE)
    axes.plot([b["score"] for b in table], [b["right"] for b in table], "o-", color=INK)
    for b in table:
        axes.annotate(
            str(b["count"]),
            (b["score"], b["right"]),
            fontsize=7,
            xytext=(3, 3),
            textcoords="offset points",
        )
    axes.set_title("calibration: are scores shares?", fontsize=9)
    _named(axes, "score (the number: codes)", "share right")
    return _svg(figure)


def _abstention(curve: Sequence[Sequence[float]]) -> str:
    figure, axes = _axes(width=4, height=3.4)
    axes.plot([p[0] for p in curve], [p[1] for p in curve], "-", color=INK)
    axes.set_title("abstention: the surest answers first", fontsize=9)
    _named(axes, "share answered", "share wrong among them")
    return _svg(figure)


def group_plot(found: Mapping[str, Any]) -> str:
    """The leading figure by group; groups with too few cases are named and left empty."""
    cells = {
        f"{way}: {name} (n {cell['n']})": (cell["value"], cell["ci"])
        for way, groups in found.items()
        for name, cell in groups["groups"].items()
    }
    figure, axes = _axes(height=0.9 + 0.2 * len(cells))
    _marks(axes, list(cells.values()))
    _rows(axes, list(cells), "the leading figure by group, 95 % intervals")
    axes.tick_params(axis="y", labelsize=7)
    return _svg(figure)


def _bars(values: Mapping[str, float], label: str) -> str:
    figure, axes = _axes(height=0.6 + 0.24 * len(values))
    names = sorted(values, key=values.__getitem__)
    axes.barh(names, [values[n] for n in names], color=INK)
    axes.set_xlim(0, 1)
    axes.set_xlabel(label)
    return _svg(figure)


def _grid(confusion: Mapping[str, Mapping[str, int]]) -> str:
    names = list(confusion)
    counts = [[confusion[w][g] for g in names] for w in names]
    figure, axes = _axes(width=4.4, height=3.4)
    axes.imshow(counts, cmap="Blues")
    axes.set_xticks(range(len(names)), names, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    half = max(max(row) for row in counts) / 2
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            axes.text(
                x, y, str(count), ha="center", va="center", color="white" if count > half else INK
            )
    axes.set_title("urgency: how many stories", fontsize=9)
    axes.set_xlabel("engine")
    axes.set_ylabel("key")
    return _svg(figure)


def _marks(
    axes: Axes,
    cells: Sequence[tuple[float | None, Sequence[float] | None]],
    *,
    shift: float = 0.0,
    color: str = INK,
    label: str | None = None,
) -> None:
    """A point with its interval a row, from the top; rows without a value stay empty."""
    for row, (value, ends) in enumerate(cells):
        if value is None:
            continue
        height = len(cells) - row - shift
        axes.plot([value], [height], "o", ms=4, color=color, label=label)
        axes.plot(ends or [value, value], [height] * 2, "-", color=color, lw=1.5)
        label = None


def _rows(axes: Axes, names: Sequence[str], said: str) -> None:
    axes.set_yticks(range(len(names), 0, -1), names)
    axes.set_ylim(0.2, len(names) + 0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(said, fontsize=8)
    axes.grid(axis="x", alpha=0.3)


def _named(axes: Axes, across: str, up: str) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)


def _axes(width: float = 7, height: float = 4) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
