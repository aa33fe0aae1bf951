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


class MetricUnknown(BadInput):
    """No figure of that name in a family. Details: ``metric``, ``family``, ``known``."""

    code = "evals.metric_unknown"


def nothing(_rows: Sequence[Row]) -> dict[str, Any]:
    """No detail behind the figures."""
    return {}


def ready(_parts: Parts) -> None:
    """Nothing to prepare."""


@dataclass(frozen=True)
class Family:
    """One kind of evaluation. ``timed`` figures differ from run to run, all others repeat;
    ``lower`` figures are better when they are lower.

    ``prepare`` does once, before processes share the cases, what each of them would do otherwise.
    """

    name: str
    read: Callable[[Parts, Sequence[Path]], list[Case]]
    engines: Mapping[str, Opener]
    figures: Figures
    detail: Detail = nothing
    timed: frozenset[str] = field(default_factory=frozenset)
    prepare: Callable[[Parts], None] = ready
    lower: frozenset[str] = field(default_factory=frozenset)

    def shows(self, metrics: Sequence[str]) -> None:
        """Raises `MetricUnknown` for a figure that is none of this family's."""
        named = self.figures([])
        for metric in metrics:
            if metric not in named:
                raise MetricUnknown(metric=metric, family=self.name, known=", ".join(named))

    def known(self, engines: Sequence[str]) -> None:
        """Raises `EngineUnknown` for an engine that is none of this family's."""
        for engine in engines:
            if engine not in self.engines:
                known = ", ".join(self.engines)
                raise EngineUnknown(engine=engine, family=self.name, known=known)

    def open(self, parts: Parts, engine: str) -> Measure:
        """The measure of a named engine. Raises `EngineUnknown`."""
        self.known([engine])
        return self.engines[engine](parts)
