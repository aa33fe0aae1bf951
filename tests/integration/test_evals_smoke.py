"""The guard of continuous integration: floors hold, and a figure that falls ends it with 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.main import call
from evals.experiments import suite
from evals.families import Measure
from evals.family_eligibility import ELIGIBILITY
from evals.parts import Parts
from runtime.settings import Settings

ONE = ["eval", "smoke", "--only", "smoke-eligibility", "--json"]


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds this process's database."""
    monkeypatch.setenv("CMIS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CMIS_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("CMIS_DATABASE_OWNER_URL", str(settings.database_owner_url))


def test_the_floors_hold(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert call([*ONE, "--into", str(tmp_path)]) == 0
    report = json.loads(capfdbinary.readouterr().out)
    assert report["holds"]
    assert [f["experiment"] for f in report["floors"]] == ["smoke-eligibility"]


def test_a_lowered_figure_ends_with_1(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One household in four is screened without its facts."""
    whole, blind = (ELIGIBILITY.engines[name] for name in ("default", "without-facts"))

    def worn(parts: Parts) -> Measure:
        sound, broken = whole(parts), blind(parts)
        return lambda case: (broken if case["id"].endswith("/1") else sound)(case)

    monkeypatch.setitem(ELIGIBILITY.engines, "default", worn)  # type: ignore[arg-type]
    assert call([*ONE, "--into", str(tmp_path)]) == 1
    (floor,) = json.loads(capfdbinary.readouterr().out)["floors"]
    assert not floor["holds"]
    assert 0 < floor["value"] < floor["floor"] == 1


def test_the_suite_guards_what_a_change_may_break() -> None:
    assert {e.family for e in suite("smoke")} == {
        "coding",
        "drafting",
        "eligibility",
        "privacy",
        "retrieval",
    }
