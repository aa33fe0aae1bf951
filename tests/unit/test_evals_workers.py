"""What workers did with proposals: cells that are too small, broken files, the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from commands.main import call
from evals.experiments import Experiment
from evals.family_workers import NEEDED, WORKERS, ExtractBroken, detail, disabled, read_extract
from evals.report import write_report
from evals.runs import run
from evals.worker_codes import fate_of, fates, has_code
from tests.bench import Bench


def row(number: int, **changed: Any) -> dict[str, Any]:
    found = {
        "id": f"{number:016x}",
        "period": "2026-Q4",
        "agency_kind": "shelter" if number % 2 else "social_office",
        "age_band": "any",
        "sex": "F",
        "region": "country",
        "codes": [
            {"code": "VIO-01", "score": 0.8, "role": "primary"},
            {"code": "ECO-01", "score": 0.6, "role": "secondary"},
            {"code": "SUB-01", "score": 0.6, "role": "past"},
        ],
        "unsure": [{"code": "MEN-01", "score": 0.3}],
        "code_decisions": {
            "VIO-01": "accepted",
            "ECO-01": "removed" if number % 4 else "accepted",
        },
        "urgency_proposed": "24h",
        "urgency_decided": "24h",
        "red_flags": [],
        "accepted": 8,
        "edited": 1,
        "struck": 1,
        "edit_share": 0.1 * (number % 5),
        "minutes_to_approval": 30 + number,
        "arm": None,
    }
    return found | changed


ROWS = [row(n) for n in range(24)]


def test_the_most_removed_code_stands_first_with_its_interval() -> None:
    found = fates(ROWS, str)
    assert list(found) == ["ECO-01", "VIO-01"]
    eco = found["ECO-01"]
    assert (eco["removed"], eco["accepted"], eco["n"], eco["value"]) == (18, 6, 24, 0.75)
    assert eco["ci"][0] < 0.75 < eco["ci"][1]


def test_a_code_of_few_cases_gets_counts_and_no_share() -> None:
    rare = row(99, code_decisions={"DST-01": "added", "VIO-01": "removed"})
    found = fates([rare], str)
    assert found["VIO-01"] == {
        "accepted": 0,
        "removed": 1,
        "added": 0,
        "n": 1,
        "value": None,
        "ci": None,
    }
    assert (found["DST-01"]["added"], found["DST-01"]["n"]) == (1, 0)


def test_a_code_of_the_past_is_no_proposal() -> None:
    past = row(1, code_decisions={"SUB-01": "accepted"})
    assert fate_of(past) == {"SUB-01": "added"}


def test_groups_need_enough_cases() -> None:
    groups = detail([*ROWS, *(row(n, sex="X") for n in range(100, 103))])["fairness"]
    assert groups["sex"]["groups"]["X"] == {"n": 3, "value": None, "ci": None}
    assert groups["sex"]["groups"]["F"]["value"] is not None
    assert set(groups["agency_kind"]["groups"]) == {"shelter", "social_office"}
    assert "language" not in groups


def test_disability_is_what_stands_after_the_decisions() -> None:
    offered = [{"code": "DIS-01", "score": 0.5}]
    assert has_code(row(1, codes=offered, code_decisions={}), "DIS")
    assert not has_code(row(1, codes=offered, code_decisions={"DIS-01": "removed"}), "DIS")
    assert disabled(row(1, codes=offered, code_decisions={}, disability="without")) == "with"
    assert disabled(row(1, codes=[], code_decisions={}, disability="without")) == "without"
    assert disabled(row(1, codes=[], code_decisions={})) == "unknown"


def write(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.write_bytes(b"".join(orjson.dumps(r) + b"\n" for r in rows))
    return file


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"id": "A"}'])
def test_a_file_that_is_no_extract(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_bytes(orjson.dumps(row(1)) + b"\n" + line + b"\n")
    with pytest.raises(ExtractBroken) as raised:
        read_extract(file)
    assert raised.value.details["line"] == 2
    with pytest.raises(ExtractBroken):
        read_extract(tmp_path / "absent.jsonl")


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_row_without_what_a_figure_needs_is_refused(tmp_path: Path, name: str) -> None:
    bare = {k: v for k, v in row(1).items() if k in NEEDED}
    assert WORKERS.figures(read_extract(write(tmp_path / "bare.jsonl", [bare])))
    del bare[name]
    with pytest.raises(ExtractBroken):
        read_extract(write(tmp_path / "less.jsonl", [bare]))


def test_an_extract_is_an_experiment_like_any_other(tmp_path: Path) -> None:
    write(tmp_path / "study.jsonl", ROWS)
    experiment = Experiment(
        id="workers",
        title="Workers",
        family="workers",
        data=("study.jsonl",),
        engines=("recorded",),
        resamples=200,
        folder=tmp_path,
    )
    bench = Bench(tmp_path / "cache", embedder=type("Named", (), {"name": "none"})())
    done = run(experiment, lambda: bench, tmp_path / "runs")
    found = done.document["engines"]["recorded"]
    assert found["figures"]["codes_accepted"] == pytest.approx(30 / 48)
    low, high = found["ci"]["codes_accepted"]
    assert low < 30 / 48 < high
    assert done.rows["recorded"] == ROWS

    page = write_report([done], tmp_path / "report")
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "| ECO-01 | 6 | 18 | 0 | 24 | 0.750 [" in text
    assert page.read_text(encoding="utf-8").count("data:image/svg+xml") == 3


def test_every_row_is_given_back_as_it_was() -> None:
    assert WORKERS.open(Bench(), "recorded")(ROWS[0]) == ROWS[0]


def test_the_command_line(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = write(tmp_path / "study.jsonl", ROWS)
    assert call(["eval", "workers", "--extract", str(file), "--json"]) == 0
    report = orjson.loads(capfdbinary.readouterr().out)
    assert report["codes_accepted"] == pytest.approx(30 / 48)
    assert next(iter(report["by_code"])) == "ECO-01"
    assert call(["eval", "workers", "--extract", str(tmp_path / "absent.jsonl")]) == 2
