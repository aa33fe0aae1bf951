"""Experiments and floors are read, validated and drawn by seed; broken files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.experiments import ExperimentBroken, read_experiment, suite
from evals.families import EngineUnknown
from evals.family_list import FAMILIES, family
from evals.floors import Floor, FloorsBroken, check, read_floors
from evals.runs import Run

GOOD = "id: one\ntitle: One\nfamily: coding\nengines: [default]\n"


def written(folder: Path, text: str) -> Path:
    """A file of a text."""
    file = folder / "one.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_cases_are_drawn_by_the_seed_in_the_order_of_the_data(tmp_path: Path) -> None:
    cases = [{"id": n} for n in range(50)]
    seven = read_experiment(written(tmp_path, GOOD + "limit: 7\nseed: 1\n"))
    other = read_experiment(written(tmp_path, GOOD + "limit: 7\nseed: 2\n"))
    drawn = [c["id"] for c in seven.draw(cases)]
    assert drawn == [c["id"] for c in seven.draw(cases)] == sorted(drawn)
    assert len(drawn) == 7
    assert drawn != [c["id"] for c in other.draw(cases)]
    assert len(read_experiment(written(tmp_path, GOOD)).draw(cases)) == 50
    with pytest.raises(ExperimentBroken):
        seven.draw([])


def test_data_stands_beside_the_file_or_among_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").touch()
    mine = read_experiment(written(tmp_path, GOOD + "data: [mine.yaml, golden/G01*.yaml]\n"))
    assert [f.name for f in mine.files()] == ["mine.yaml", "G01-G10.yaml"]
    whole = read_experiment(written(tmp_path, f"{GOOD}data: [{tmp_path}/mine.yaml]\n"))
    assert whole.files() == [tmp_path / "mine.yaml"]
    with pytest.raises(ExperimentBroken):
        read_experiment(written(tmp_path, GOOD + "data: [absent.yaml]\n")).files()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "id: [", "id: one\n", GOOD + "limit: 0\n", GOOD + "unknown: 1\n", "id: 'A B'\n"],
)
def test_a_broken_experiment_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExperimentBroken) as refused:
        read_experiment(written(tmp_path, text))
    assert refused.value.details["file"] == "one.yaml"


def test_our_own_experiments_are_whole() -> None:
    asked = suite("all")
    assert {e.family for e in asked} >= {
        "coding",
        "drafting",
        "eligibility",
        "privacy",
        "retrieval",
    }
    for experiment in [*asked, *suite("smoke"), *suite("sensitivity")]:
        experiment.files()
        assert set(experiment.engines) <= set(family(experiment.family).engines)


def test_unknown_families_and_engines_are_refused() -> None:
    with pytest.raises(EngineUnknown) as refused:
        family("weather")
    assert "coding" in refused.value.say("en")
    with pytest.raises(EngineUnknown):
        FAMILIES["coding"].open(None, "oracle")  # type: ignore[arg-type]


def test_floors_hold_or_not(tmp_path: Path) -> None:
    file = written(tmp_path, "one:\n  at_least: {f1: 0.5, seen: 0.1}\n  at_most: {bad: 2}\n")
    found = {"f1": 0.4, "bad": 2, "seen": None}
    document = {
        "experiment": {"id": "one", "engines": ["default"]},
        "engines": {"default": {"figures": found}},
    }
    rows = check([Run(tmp_path, document, {})], [*read_floors(file), Floor("two", "f1", 1, False)])
    assert {r["metric"]: r["holds"] for r in rows} == {"f1": False, "seen": False, "bad": True}


def test_every_smoke_experiment_has_floors_for_figures_it_reports() -> None:
    """A family that measures nothing on no rows still names its figures."""
    floors = read_floors()
    asked = {e.id: family(e.family) for e in suite("smoke")}
    assert {f.experiment for f in floors} == set(asked)
    for floor in floors:
        named = asked[floor.experiment].figures([])
        assert floor.metric in named or asked[floor.experiment].name == "retrieval"
        assert 0 <= floor.bound <= 1


@pytest.mark.parametrize("text", ["", "[1]", "one: 3", "one: {at_least: {f1: high}}"])
def test_broken_floors_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FloorsBroken):
        read_floors(written(tmp_path, text))
    with pytest.raises(FloorsBroken):
        read_floors(tmp_path / "absent.yaml")
