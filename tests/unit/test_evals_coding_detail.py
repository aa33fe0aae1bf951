"""What lies behind the figures of coding, against values worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from evals.coding_detail import (
    answers,
    by_domain,
    detail_figures,
    detailed,
    urgency_alpha,
    urgency_confusion,
)
from intake.schemas import CodedNarrative, CodedProblem, Role, Span, Urgency

STORY = "สามีตบหน้าและไม่ให้เงิน"
CASE = {
    "id": "A",
    "narrative": STORY,
    "key": {
        "problem_codes": [
            {"code": "VIO-01", "role": "primary", "evidence": "ตบหน้า"},
            {"code": "ECO-01", "role": "secondary"},
        ],
        "urgency": "24h",
        "red_flags": [],
    },
}


def problem(code: str, start: int, end: int, role: Role = Role.SECONDARY) -> CodedProblem:
    """A code with one span of the story."""
    span = Span(start=start, end=end, text=STORY[start:end])
    return CodedProblem(code=code, label_th=code, score=0.8, spans=(span,), role=role)


def coded(*codes: CodedProblem, level: str = "24h") -> CodedNarrative:
    """A coded story."""
    unsure = (problem("LEG-01", 0, 2),)
    return CodedNarrative(
        narrative_sha256="0",
        codes=codes,
        red_flags=(),
        urgency=Urgency(level=level, reason_th=""),
        unsure=unsure,
    )


def test_overlap_and_scores_by_hand() -> None:
    # the key's words stand at 4-10, the engine's at 4-7: 3 shared, 3 of the key alone
    row = detailed(CASE, coded(problem("VIO-01", 4, 7), problem("SUB-01", 0, 4, Role.PAST)))
    assert row["overlaps"] == [[3, 0, 3]]
    assert row["scores"] == [[0.8, True], [0.8, False]]
    assert detail_figures([row])["span_f1"] == pytest.approx(6 / 9)
    assert answers([row]) == [(0.8, True), (0.8, False)]


def test_overlap_can_be_0_and_1_and_unknown() -> None:
    none = detailed(CASE, coded(problem("VIO-01", 0, 4)))
    whole = detailed(CASE, coded(problem("VIO-01", 4, 10)))
    assert detail_figures([none])["span_f1"] == 0
    assert detail_figures([whole])["span_f1"] == 1
    assert detail_figures([detailed(CASE, coded())])["span_f1"] is None


def test_domains_by_hand() -> None:
    row = detailed(CASE, coded(problem("VIO-01", 4, 10), problem("VIO-02", 0, 4)))
    found = by_domain([row])
    assert found["VIO"] == {"f1": pytest.approx(2 / 3, abs=1e-4), "hit": 1, "missed": 0, "extra": 1}
    assert found["ECO"]["f1"] == 0
    assert by_domain([detailed(CASE, coded(problem("VIO-01", 4, 10)))])["VIO"]["f1"] == 1
    assert by_domain([]) == {}


def row(wanted: str, got: str) -> dict[str, Any]:
    """A row of urgency alone."""
    return {"urgency_wanted": wanted, "urgency": got}


def test_urgency_confusion_and_agreement() -> None:
    rows = [row("24h", "24h"), row("24h", "72h"), row("routine", "routine")]
    found = urgency_confusion(rows)
    assert found["24h"] == {"immediate_1h": 0, "24h": 1, "72h": 1, "routine": 0}
    assert urgency_alpha(rows[::2]) == 1
    assert 0 < (urgency_alpha(rows) or 0) < 1
    assert urgency_alpha([row("24h", "72h"), row("72h", "24h")]) < 0  # type: ignore[operator]
    assert urgency_alpha([row("24h", "24h")]) is None
    assert urgency_alpha([row("24h", "soon")]) is None


def test_a_key_without_codes_is_refused() -> None:
    with pytest.raises(KeyError):
        detailed({"id": "A", "narrative": STORY, "key": {}}, coded())
