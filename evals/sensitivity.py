"""Whether the figures notice a broken engine: break one part on purpose, see the right figure move.

An evaluation that does not move when citations are shuffled or nothing is masked measures nothing.
Every row names the family, the broken engine, the figure that must move (most must fall, the
success of hidden orders must rise), and how far it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.runs import Run
from evals.written import dated, write_between

VISIBLE = 0.01
RISES = frozenset({"attack_success", "invented_share"})
PLACE = "sensitivity"
BREAKS = (
    ("retrieval", "without-dense", "hit@1"),
    ("retrieval", "without-words", "hit@1"),
    ("retrieval", "without-trigrams", "hit@1"),
    ("coding", "without-RF02", "red_flag_recall"),
    ("coding", "without-flags", "urgency_accuracy"),
    ("coding", "without-codes", "micro_f1"),
    ("drafting", "dealt-citations", "citation_precision"),
    ("privacy", "mask-nothing", "recall"),
    ("eligibility", "without-facts", "verdict_accuracy"),
    ("injection", "obeys", "attack_success"),
    ("speech", "without-detector", "invented_share"),
)


@dataclass(frozen=True)
class Moved:
    """How a figure moved when a part was broken; the interval is of the change."""

    family: str
    broken: str
    figure: str
    whole: float
    change: float
    low: float
    high: float
    cases: int

    @property
    def visible(self) -> bool:
        """Whether it moved by a visible amount, the way it must."""
        worse = self.change if self.figure in RISES else -self.change
        return worse >= VISIBLE

    @property
    def certain(self) -> bool:
        """Whether the interval of the change leaves out zero."""
        return self.low > 0 if self.figure in RISES else self.high < 0


def moved(runs: Iterable[Run]) -> list[Moved]:
    """The rows of all breaks that the runs hold."""
    known = {r.document["experiment"]["family"]: r.document for r in runs}
    return [
        row
        for family, broken, figure in BREAKS
        if family in known and (row := _row(known[family], family, broken, figure))
    ]


def sensitivity_table(rows: Iterable[Moved]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| family | broken | cases | figure | whole | change [95 %] |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r.family} | {r.broken} | {r.cases} | `{r.figure}` | {r.whole:.3f} "
        f"| {r.change:+.3f} [{r.low:+.3f}, {r.high:+.3f}] |"
        for r in rows
    ]
    return "\n".join(lines)


def write_table(file: Path, runs: Sequence[Run], rows: Iterable[Moved]) -> None:
    """Put the table, dated, into its place of a document. Raises `PlaceMissing`."""
    text = f"{dated(runs[0].document)}.\n\n{sensitivity_table(rows)}"
    write_between(file, PLACE, text)


def _row(document: Any, family: str, broken: str, figure: str) -> Moved | None:
    first = document["experiment"]["engines"][0]
    change = document["against_first"].get(broken, {}).get(figure)
    whole = document["engines"][first]["figures"].get(figure)
    if change is None or whole is None:
        return None
    ends = (change["value"], change["low"], change["high"])
    return Moved(family, broken, figure, whole, *ends, document["cases"])
