"""The kinds of evaluation, each as: read its cases, open an engine, measure a case, sum up rows.

A case and a row are plain JSON, so that rows can be stored as they come, resumed, sent between
processes and exported. Engines are named: ``default`` is the product, the others leave something
out or break something on purpose (`evals.sensitivity`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.parts import Parts
from evals.statistics import Figures, Row
from runtime.errors import BadInput

Case = Mapping[str, Any]
Measure = Callable[[Case], dict[str, Any]]
Opener = Callable[[Parts], Measure]
Detail = Callable[[Sequence[Row]], dict[str, Any]]


class EngineUnknown(BadInput):
    """No engine or family of that name. Details: ``engine``, ``family``, ``known``."""

    code = "evals.engine_unknown"


def nothing(_rows: Sequence[Row]) -> dict[str, Any]:
    """No detail behind the figures."""
    return {}


@dataclass(frozen=True)
class Family:
    """One kind of evaluation. ``timed`` figures differ from run to run, all others repeat."""

    name: str
    read: Callable[[Parts, Sequence[Path]], list[Case]]
    engines: Mapping[str, Opener]
    figures: Figures
    detail: Detail = nothing
    timed: frozenset[str] = field(default_factory=frozenset)

    def open(self, parts: Parts, engine: str) -> Measure:
        """The measure of a named engine. Raises `EngineUnknown`."""
        if engine not in self.engines:
            known = ", ".join(self.engines)
            raise EngineUnknown(engine=engine, family=self.name, known=known)
        return self.engines[engine](parts)
