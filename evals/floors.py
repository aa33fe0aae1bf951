"""Stored floors: the figures a change must not push down, checked in a minute or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.runs import Run
from runtime.errors import BadInput

FLOORS = Path(__file__).parent / "data" / "floors.yaml"


class FloorsBroken(BadInput):
    """The floors cannot be read. Details: ``file``, ``reason``."""

    code = "evals.floors_broken"


@dataclass(frozen=True)
class Floor:
    """The bound of a figure of the first engine; ``at_most`` for what must stay low."""

    experiment: str
    metric: str
    bound: float
    at_most: bool

    def holds(self, value: float | None) -> bool:
        """Whether a value keeps to the bound; one that could not be measured does not."""
        if value is None:
            return False
        return value <= self.bound if self.at_most else value >= self.bound


def read_floors(file: Path = FLOORS) -> list[Floor]:
    """All floors of a file. Raises `FloorsBroken`."""
    try:
        data: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        return [
            Floor(experiment, metric, float(bound), side == "at_most")
            for experiment, sides in data.items()
            for side, bounds in sides.items()
            for metric, bound in bounds.items()
        ]
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise FloorsBroken(file=file.name, reason=type(error).__name__) from error


def check(runs: Iterable[Run], floors: Iterable[Floor]) -> list[dict[str, Any]]:
    """Every floor of the experiments that were run, with the value and whether it holds."""
    found = {r.document["experiment"]["id"]: r.document for r in runs}
    rows = []
    for floor in floors:
        if floor.experiment in found:
            document = found[floor.experiment]
            first = document["experiment"]["engines"][0]
            value = document["engines"][first]["figures"].get(floor.metric)
            rows.append(
                {
                    "experiment": floor.experiment,
                    "metric": floor.metric,
                    "value": value,
                    "floor": floor.bound,
                    "at_most": floor.at_most,
                    "holds": floor.holds(value),
                }
            )
    return rows
