"""k-anonymity of an extract: columns are made coarser step by step, then outliers are left out.

What is guarded against is somebody who knows a person's agency, month, age, sex and region and
looks for their row. It says nothing about what all rows of a combination have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cases.casebook import casebook
from cases.research_errors import ExtractTooFine

Row = dict[str, Any]
ANY = "any"
UNKNOWN = "unknown"


class Step(BaseModel):
    """One column made coarser: a period to ``quarter`` or ``year``, others to one word for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    to: str


class Rules(BaseModel):
    """What an extract must keep to (``data/extract.yaml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    k: int = Field(ge=2)
    most_suppressed: float = Field(ge=0, lt=1)
    quasi_identifiers: tuple[str, ...] = Field(min_length=1)
    age_bounds: tuple[int, ...] = Field(min_length=1)
    steps: tuple[Step, ...]


class Anonymous(BaseModel):
    """Rows that may be given out, and what was done to them."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[Row, ...]
    k: int
    smallest: int
    generalised: tuple[Step, ...]
    suppressed: int


def rules() -> Rules:
    """The rules of ``data/extract.yaml``."""
    return Rules.model_validate(casebook("extract"))


def anonymous(rows: Sequence[Row], kept_to: Rules) -> Anonymous:
    """The finest form of ``rows`` that keeps to the rules; raises `ExtractTooFine`.

    ``period`` of a row is its month, ``2026-11``.
    """
    done: list[Step] = []
    coarse = list(rows)
    for step in (None, *kept_to.steps):
        if step is not None:
            coarse = [{**row, step.column: coarser(row[step.column], step)} for row in coarse]
            done.append(step)
        sizes = Counter(_known_by(row, kept_to) for row in coarse)
        kept = [row for row in coarse if sizes[_known_by(row, kept_to)] >= kept_to.k]
        left_out = len(coarse) - len(kept)
        if kept and left_out <= kept_to.most_suppressed * len(coarse):
            return Anonymous(
                rows=tuple(kept),
                k=kept_to.k,
                smallest=min(n for n in sizes.values() if n >= kept_to.k),
                generalised=tuple(done),
                suppressed=left_out,
            )
    raise ExtractTooFine(k=kept_to.k, cases=len(rows))


def coarser(value: str, step: Step) -> str:
    """A value after a step."""
    if step.to == "quarter":
        year, month = value.split("-")
        return f"{year}-Q{(int(month) + 2) // 3}"
    return value[:4] if step.to == "year" else step.to


def smallest_class(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> int:
    """How many rows share the rarest combination of ``columns``; 0 without rows."""
    return min(Counter(tuple(r[c] for c in columns) for r in rows).values(), default=0)


def _known_by(row: Row, kept_to: Rules) -> tuple[Any, ...]:
    return tuple(row[column] for column in kept_to.quasi_identifiers)
