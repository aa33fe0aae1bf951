"""Arms compared: by hand, no difference, all the difference, too few, none; and the notebook."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from commands.evals import trial_text
from evals.statistics import NotMeasurable
from evals.trial_analysis import analyse, named

NOTEBOOKS = Path(__file__).parents[2] / "docs" / "notebooks"


def cases(arm: str, values: list[float | None], kind: str = "shelter") -> list[dict[str, Any]]:
    return [
        {"id": f"{arm}{n}", "trial": "t", "arm": arm, "agency_kind": kind, "edit_share": v}
        for n, v in enumerate(values)
    ]


def test_a_difference_by_hand() -> None:
    rows = cases("A", [0.2] * 8 + [0.4] * 8) + cases("B", [0.6] * 8 + [0.8] * 8)
    found = analyse(rows, "t", "edit_share")
    assert found["arms"]["A"]["mean"] == pytest.approx(0.3)
    assert found["arms"]["B"]["assigned"] == found["arms"]["B"]["measured"] == 16
    gap = found["differences"]["B - A"]
    assert gap["value"] == pytest.approx(0.4)
    assert 0.25 < gap["low"] < 0.4 < gap["high"] < 0.55
    assert gap["p"] == pytest.approx(1 / 1001, abs=1e-4)


def test_no_difference_is_0_and_p_is_1() -> None:
    rows = cases("A", [0.1, 0.5] * 8) + cases("B", [0.1, 0.5] * 8)
    gap = analyse(rows, "t", "edit_share")["differences"]["B - A"]
    assert (gap["value"], gap["p"]) == (0, 1)


def test_all_the_difference_is_1() -> None:
    gap = analyse(cases("A", [0.0] * 9) + cases("B", [1.0] * 9), "t", "edit_share")
    assert gap["differences"]["B - A"] | {"p": 0, "p_holm": 0} == {
        "value": 1,
        "low": 1,
        "high": 1,
        "p": 0,
        "p_holm": 0,
    }


def test_arms_are_exchanged_within_an_agency_kind_only() -> None:
    """Two offices that differ and an arm each: nothing can be exchanged, so nothing is shown."""
    rows = cases("A", [0.1] * 8, "shelter") + cases("B", [0.9] * 8, "prosecutor")
    assert analyse(rows, "t", "edit_share")["differences"]["B - A"]["p"] == 1


def test_three_arms_are_corrected_together() -> None:
    rows = cases("A", [0.1] * 8) + cases("B", [0.1] * 8) + cases("C", [0.9] * 8)
    found = analyse(rows, "t", "edit_share")["differences"]
    assert list(found) == ["B - A", "C - A", "C - B"]
    assert found["C - A"]["p_holm"] == pytest.approx(3 * found["C - A"]["p"], abs=1e-3)


def test_a_small_arm_is_counted_and_not_compared() -> None:
    found = analyse(cases("A", [0.1] * 7) + cases("B", [0.9] * 20), "t", "edit_share")
    assert found["arms"]["A"] == {"assigned": 7, "measured": 7, "mean": None, "ci": None}
    assert found["differences"] == {}
    assert "–" in trial_text(found)


def test_lost_cases_are_counted() -> None:
    arm = analyse(cases("A", [0.1] * 8 + [None] * 4), "t", "edit_share")["arms"]["A"]
    assert (arm["assigned"], arm["measured"]) == (12, 8)


def test_the_same_seed_gives_the_same_numbers() -> None:
    rows = cases("A", [0.1, 0.2, 0.4] * 4) + cases("B", [0.3, 0.2, 0.6] * 4)
    assert analyse(rows, "t", "edit_share", seed=3) == analyse(rows, "t", "edit_share", seed=3)


def test_broken_input() -> None:
    with pytest.raises(NotMeasurable):
        analyse(cases("A", [0.1]), "another", "edit_share")
    with pytest.raises(KeyError):
        analyse(cases("A", [0.1]), "t", "happiness")


def test_an_outcome_of_decisions() -> None:
    row = {
        "trial": "t",
        "agency_kind": "shelter",
        "codes": [{"code": "VIO-01"}, {"code": "ECO-01"}],
        "unsure": [],
        "code_decisions": {"VIO-01": "accepted", "ECO-01": "removed"},
        "urgency_proposed": "24h",
        "urgency_decided": "24h",
        "accepted": 0,
        "edited": 0,
        "struck": 0,
        "edit_share": None,
        "minutes_to_approval": None,
    }
    rows = [row | {"arm": "A", "id": str(n)} for n in range(8)]
    assert analyse(rows, "t", "codes_accepted")["arms"]["A"]["mean"] == 0.5


def test_names_after_unblinding() -> None:
    found = analyse(cases("A", [0.1] * 8) + cases("B", [0.2] * 8), "t", "edit_share")
    told = named(found, {"A": "no_ai", "B": "ai_first"})
    assert list(told["arms"]) == ["no_ai", "ai_first"]
    assert list(told["differences"]) == ["ai_first - no_ai"]
    assert "ai_first - no_ai" in trial_text(told)


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(NOTEBOOKS)
    cells = json.loads((NOTEBOOKS / "trial.ipynb").read_text(encoding="utf-8"))["cells"]
    space: dict[str, Any] = {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), space)  # noqa: S102
    assert "B - A" in said.getvalue()
    assert space["found"]["arms"]["A"]["measured"] >= 8
