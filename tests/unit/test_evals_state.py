"""What a command writes into a document: between its marks, dated, and nothing else is touched."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evals.experiments import Experiment
from evals.runs import Run, run
from evals.sensitivity import moved, write_table
from evals.state import state
from evals.written import PlaceMissing, write_between
from tests.bench import Bench

DOCUMENT = (
    "before\n<!-- sensitivity: written by the command -->\nold\n<!-- sensitivity: end -->\nafter\n"
)


class Named:
    """Stands for the model's name; no family below asks for a vector."""

    name = "none"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


def measured(folder: Path, family: str, *engines: str, data: list[str]) -> Run:
    """A small run."""
    given: dict[str, Any] = {"id": family, "title": family.title(), "family": family, "data": data}
    asked = Experiment.model_validate(given | {"engines": engines, "resamples": 100, "limit": 24})
    return run(asked, partial(Bench, folder, Named()), folder)


@pytest.fixture(scope="module")
def masked(folder: Path) -> Run:
    """Read and held-out stories, by the masker and by one that masks nothing."""
    return measured(folder, "privacy", "default", "mask-nothing", data=["golden/G*.yaml"])


def test_a_table_stands_between_its_marks_and_nothing_else_changes(
    masked: Run, tmp_path: Path
) -> None:
    file = tmp_path / "doc.md"
    file.write_text(DOCUMENT, encoding="utf-8")
    for _ in range(2):
        write_table(file, [masked], moved([masked]))
    text = file.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert text.count("| privacy | mask-nothing | 24 | `recall` |") == 1
    with pytest.raises(PlaceMissing) as refused:
        write_between(file, "state", "x")
    assert "state" in refused.value.say("en")


def test_the_state_tells_both_sets_and_the_gaps_that_are_sure(masked: Run, folder: Path) -> None:
    screened = measured(folder, "eligibility", "default", data=[])
    text = state([masked.document, screened.document])
    assert "**Privacy** (24 cases)" in text
    assert "| figure | read (n " in text
    assert "| held_out (n " in text
    assert "| all | mask-nothing |" in text
    assert "| agreement | 1.000 [1.000, 1.000] |" in text
    assert "that were looked at:" in text
    groups = masked.document["engines"]["default"]["detail"]["fairness"]
    sure = [w for w, g in groups.items() if g["gap"] and g["gap"]["ci"][0] > 0]
    assert text.count("| privacy | ") == len(sure)
