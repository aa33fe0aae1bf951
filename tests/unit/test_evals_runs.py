"""Runs are stored case by case, taken up again, repeated exactly, compared and reported."""

from __future__ import annotations

import csv
import os
import shutil
import signal
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from evals.experiments import Experiment
from evals.families import MetricUnknown
from evals.family_list import FAMILIES
from evals.hands import ProcessesLost
from evals.report import write_report
from evals.runs import Run, RunMissing, compare_runs, read_run, run
from evals.statistics import NotPaired
from knowledge_base.library import Library, load_library
from tests.bench import Bench


class Named:
    """Stands for the model's name; no family below asks for a vector."""

    name = "none"


def experiment(name: str = "screening", **changes: Any) -> Experiment:
    """Two engines on a sample of the scheme households."""
    given = {
        "id": name,
        "title": "Screening",
        "family": "eligibility",
        "engines": ("default", "without-facts"),
        "limit": 12,
        "resamples": 100,
        **changes,
    }
    return Experiment.model_validate(given)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def done(folder: Path) -> Run:
    return run(experiment(), partial(Bench, folder, Named()), folder)


def figures(found: Run) -> Any:
    """All that must repeat."""
    return found.document["engines"], found.document["against_first"]


def test_two_engines_in_one_run_have_a_paired_interval(done: Run) -> None:
    default = done.document["engines"]["default"]
    assert default["figures"]["agreement"] == 1
    assert default["ci"]["agreement"] == (1, 1)
    gap = done.document["against_first"]["without-facts"]["verdict_accuracy"]
    assert gap["value"] < 0
    assert gap["low"] <= gap["value"] <= gap["high"] < 0
    assert 0 < gap["p"] <= gap["p_holm"] <= 1


def test_a_run_says_what_it_was_made_with(done: Run) -> None:
    made = done.document["made_with"]
    assert made["knowledge"] == load_library().version
    assert made["code"]["version"]
    assert len(made["code"]["source"]) == len(made["prompts"]) == 64
    assert made["machine"]["cores"] >= 1
    assert done.document["times"]["seconds"] > 0


def test_a_stopped_run_is_taken_up_again(done: Run, tmp_path: Path) -> None:
    stopped = tmp_path / done.folder.name
    shutil.copytree(done.folder, stopped)
    (stopped / "run.json").unlink()
    file = stopped / "rows-default.jsonl"
    kept = file.read_bytes().splitlines(keepends=True)[:5]
    marked = orjson.dumps({**orjson.loads(kept[0]), "marked": True}) + b"\n"
    file.write_bytes(b"".join([marked, *kept[1:], b'{"id": "cut']))
    again = run(experiment(), partial(Bench, tmp_path, Named()), tmp_path)
    assert figures(again) == figures(done)
    assert again.rows["default"][0].get("marked")  # the stored row was not measured anew
    assert len(again.rows["default"]) == 12


def test_a_run_again_with_the_same_seed_gives_the_same_numbers(done: Run, tmp_path: Path) -> None:
    steps: list[str] = []
    again = run(
        experiment(),
        partial(Bench, tmp_path, Named()),
        tmp_path,
        anew=True,
        step=lambda share, note: steps.append(note),
    )
    assert figures(again) == figures(done)
    assert len(steps) == 24


def test_processes_share_the_cases(done: Run, tmp_path: Path) -> None:
    shared = run(experiment(), partial(Bench, tmp_path, Named()), tmp_path, processes=2)
    assert figures(shared) == figures(done)


class Mortal(Bench):
    """Parts whose process is killed when they are used: once, or every time without ``mark``."""

    def __init__(self, folder: Path, mark: Path | None, parent: int) -> None:
        super().__init__(folder, Named())
        self.mark, self.parent = mark, parent

    @property
    def library(self) -> Library:
        if os.getpid() != self.parent and not (self.mark and self.mark.exists()):
            if self.mark:
                self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().library


def test_a_killed_process_costs_only_what_it_was_measuring(done: Run, tmp_path: Path) -> None:
    parts = partial(Mortal, tmp_path, tmp_path / "killed", os.getpid())
    shared = run(experiment(), parts, tmp_path, processes=2)
    assert (tmp_path / "killed").exists()
    assert figures(shared) == figures(done)


def test_a_case_that_always_ends_its_process_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.hands.TRIES", 1)
    given = experiment(engines=("default",), limit=2)
    with pytest.raises(ProcessesLost) as refused:
        run(given, partial(Mortal, tmp_path, None, os.getpid()), tmp_path, processes=2)
    assert refused.value.details["case"]


def test_runs_are_compared_in_pairs(done: Run, folder: Path, tmp_path: Path) -> None:
    read = read_run(done.folder)
    same = compare_runs(read, read)["differences"]["agreement"]
    assert (same["value"], same["p"]) == (0, 1)
    fewer = run(experiment("fewer", limit=6), partial(Bench, folder, Named()), tmp_path)
    with pytest.raises(NotPaired):
        compare_runs(read, fewer)
    with pytest.raises(RunMissing):
        compare_runs(read, read, engine="oracle")
    other = experiment("coded", family="privacy", data=["golden/G01-G10.yaml"], limit=1)
    quiet = other.model_copy(update={"engines": ("mask-nothing",)})
    with pytest.raises(RunMissing):
        compare_runs(read, run(quiet, partial(Bench, folder, Named()), tmp_path))
    with pytest.raises(RunMissing):
        read_run(tmp_path)


def test_coding_and_masking_run_with_their_detail(folder: Path, tmp_path: Path) -> None:
    asked = experiment(
        "coded",
        family="coding",
        data=["golden/G01-G10.yaml"],
        engines=["rules-only", "without-codes"],
        limit=3,
    )
    coded = run(asked, partial(Bench, folder, Named()), tmp_path)
    assert coded.document["engines"]["without-codes"]["figures"]["micro_f1"] == 0
    detail = coded.document["engines"]["rules-only"]["detail"]
    assert set(detail) >= {"by_domain", "urgency_confusion", "reliability", "fairness"}
    assert sum(sum(row.values()) for row in detail["urgency_confusion"].values()) == 3
    asked = experiment(
        "masked",
        family="privacy",
        data=["golden/G01-G10.yaml"],
        engines=["default", "mask-nothing"],
        limit=2,
    )
    masked = run(asked, partial(Bench, folder, Named()), tmp_path)
    assert masked.document["engines"]["mask-nothing"]["figures"]["recall"] == 0
    assert masked.document["engines"]["default"]["figures"]["recall"] > 0.5
    page = write_report([coded, masked], tmp_path / "report", "th")
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/svg+xml") >= 5
    assert "<table>" in text
    assert "รายงานการประเมิน" in text


def test_the_report_is_written_with_tables_for_others(done: Run, tmp_path: Path) -> None:
    write_report([done], tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| agreement | 1.000 [1.000, 1.000] |" in text
    assert "without-facts" in text
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    packed = pq.read_table(tmp_path / "figures.parquet").to_pylist()
    assert len(rows) == len(packed) == 4
    assert {r["metric"] for r in rows} == set(FAMILIES["eligibility"].figures([]))
    assert pq.read_table(tmp_path / "cases-eligibility.parquet").num_rows == 24


def test_a_figure_nobody_knows_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    wrong = experiment(metrics=("verdict_accuracy", "no_such_figure"))
    with pytest.raises(MetricUnknown, match="no_such_figure"):
        run(wrong, partial(Bench, tmp_path, Named()), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
