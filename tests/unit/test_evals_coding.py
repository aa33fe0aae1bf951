"""The figures of coding, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.coding import compare, evaluate_coding, exact, figures, intervals
from intake.narrative import Narrative, accept
from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role, Span, Urgency

STORY = "เรื่องสมมุติหนึ่งเรื่อง"
SET = f"""
vignettes:
  - id: A
    narrative: {STORY}
    key:
      problem_codes: [{{code: VIO-01}}, {{code: ECO-01}}]
      not_codes: [{{code: SUB-01}}, {{code: VIO-04}}]
      urgency: 24h
      urgency_acceptable: [24h, 72h]
      red_flags: [RF02]
  - id: B
    narrative: {STORY}
    key: {{problem_codes: [{{code: ECO-01}}], urgency: routine, red_flags: []}}
"""


def problem(code: str, role: Role = Role.SECONDARY) -> CodedProblem:
    """A code with two spans' worth of words, one of them wrong."""
    spans = (Span(start=0, end=6, text=STORY[:6]), Span(start=1, end=3, text="ผิด"))
    return CodedProblem(code=code, label_th=code, score=0.8, spans=spans, role=role)


class Fixed:
    """Codes every story with VIO-01 and SUB-01, ECO-01 as past, flags RF02 and RF03."""

    def code(self, narrative: Narrative) -> CodedNarrative:
        """The same coding for all."""
        flags = tuple(
            RaisedFlag(id=i, sign_th="", action_th="", hotlines=(), spans=())
            for i in ("RF02", "RF03")
        )
        return CodedNarrative(
            narrative_sha256=narrative.sha256,
            codes=(problem("VIO-01"), problem("SUB-01"), problem("ECO-01", Role.PAST)),
            red_flags=flags,
            urgency=Urgency(level="72h", reason_th=""),
        )


@pytest.fixture
def report(tmp_path: Path) -> dict[str, Any]:
    """The figures of the fixed coder on the small set."""
    file = tmp_path / "set.yaml"
    file.write_text(SET, encoding="utf-8")
    return evaluate_coding(file, Fixed())


def test_codes(report: dict[str, Any]) -> None:
    # A: hit VIO-01, missed ECO-01, extra SUB-01; B: missed ECO-01, extra VIO-01 and SUB-01
    assert report["micro_f1"] == pytest.approx(2 * 1 / (2 * 1 + 3 + 2))
    # VIO-01: 1 hit 1 extra = 2/3; ECO-01 and SUB-01: 0
    assert report["macro_f1"] == pytest.approx((2 / 3) / 3)


def test_flags_urgency_traps_and_spans(report: dict[str, Any]) -> None:
    assert report["red_flag_recall"] == 1.0
    assert report["red_flag_precision"] == pytest.approx(1 / 4)
    assert report["urgency_accuracy"] == pytest.approx(1 / 2)
    assert report["traps_avoided"] == pytest.approx(1 / 2)
    assert report["span_exact"] == pytest.approx(1 / 2)


def test_rows_name_what_was_missed(report: dict[str, Any]) -> None:
    first, second = report["rows"]
    assert (first["missed"], first["extra"], first["trapped"]) == (
        ["ECO-01"],
        ["SUB-01"],
        ["SUB-01"],
    )
    assert second["urgency_ok"] is False
    assert report["n"] == 2


def test_intervals_hold_the_figure_and_repeat(report: dict[str, Any]) -> None:
    low, high = report["ci"]["micro_f1"]
    assert low <= report["micro_f1"] <= high
    assert intervals(report["rows"]) == report["ci"]
    assert intervals([]) == {}


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    found = figures([])
    assert found["micro_f1"] == found["red_flag_recall"] == found["traps_avoided"] == 1.0


def test_exact_needs_the_very_words() -> None:
    assert exact(Span(start=0, end=6, text=STORY[:6]), STORY)
    assert not exact(Span(start=0, end=0, text=""), STORY)


def test_compare_takes_the_single_urgency_when_no_list_is_given() -> None:
    case = {
        "id": "C",
        "narrative": STORY,
        "key": {"problem_codes": [], "urgency": "72h", "red_flags": []},
    }
    assert compare(case, Fixed().code(accept(STORY)))["urgency_ok"]
