"""Experiments as small files: what is asked, on which data, of which engines, with which seed.

``data`` names files or folders relative to ``evals/data`` (or the experiment's own folder), with
wildcards; none means the family's own set. ``limit`` draws that many cases by the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.families import Case
from evals.statistics import RESAMPLES, SEED
from runtime.errors import BadInput

DATA = Path(__file__).parent / "data"
FOLDER = DATA / "experiments"


class ExperimentBroken(BadInput):
    """The file is no experiment. Details: ``file``, ``reason``."""

    code = "evals.experiment_broken"


class Experiment(BaseModel):
    """One experiment. The first engine is what the others are compared with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    asks: str = ""
    family: str
    data: tuple[str, ...] = ()
    engines: tuple[str, ...] = Field(min_length=1)
    metrics: tuple[str, ...] = ()  # those the report shows; none: all
    seed: int = SEED
    limit: int | None = Field(default=None, ge=1)
    resamples: int = Field(default=RESAMPLES, ge=100)
    suite: Literal["all", "smoke", "sensitivity", "own"] = "own"
    folder: Path = DATA

    def files(self) -> list[Path]:
        """The files and folders of ``data``. Raises `ExperimentBroken` for an absent one."""
        return [file for name in self.data for file in self._found(name)]

    def draw(self, cases: Sequence[Case]) -> list[Case]:
        """The cases to measure, in the order of the data. Raises `ExperimentBroken` for none."""
        if not cases:
            raise ExperimentBroken(file=self.id, reason="no cases")
        if self.limit is None or self.limit >= len(cases):
            return list(cases)
        chosen = np.random.default_rng(self.seed).choice(len(cases), self.limit, replace=False)
        return [cases[i] for i in sorted(chosen)]

    def _found(self, name: str) -> list[Path]:
        for base in (self.folder, DATA):
            found = sorted(base.glob(name)) if not Path(name).is_absolute() else [Path(name)]
            if any(file.exists() for file in found):
                return found
        raise ExperimentBroken(file=self.id, reason=f"no data at {name}")


def read_experiment(file: Path) -> Experiment:
    """The experiment of a file. Raises `ExperimentBroken`."""
    try:
        data: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Experiment.model_validate({**data, "folder": file.parent.resolve()})
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ExperimentBroken(file=file.name, reason=reason) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise ExperimentBroken(file=file.name, reason=type(error).__name__) from error


def suite(name: str, folder: Path = FOLDER) -> list[Experiment]:
    """The experiments of a suite, by file name."""
    return [e for f in sorted(folder.glob("*.yaml")) if (e := read_experiment(f)).suite == name]
