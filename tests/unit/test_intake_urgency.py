"""How soon: what decides without a red flag, and what a suspicion is worth."""

from __future__ import annotations

import pytest

from intake.schemas import CodedProblem, RaisedFlag, Role
from intake.urgency import judge_urgency
from knowledge_base.library import load_library


def level(code: str, role: Role, words: dict[str, tuple[str, str]] | None = None) -> str:
    """The level of a story with one code."""
    coded = CodedProblem(code=code, label_th="", score=0.9, spans=(), role=role)
    return judge_urgency([coded], [], load_library().codebook, words or {}).level


@pytest.mark.parametrize(
    ("code", "stated", "suspected"),
    [("MEN-01", "24h", "24h"), ("VIO-01", "24h", "72h"), ("ECO-03", "72h", "routine")],
)
def test_a_suspicion_counts_one_step_less_than_the_default_and_never_waits_longer_than_that(
    code: str, stated: str, suspected: str
) -> None:
    assert level(code, Role.SECONDARY) == stated
    assert level(code, Role.SUSPECTED) == suspected


def test_words_of_now_hasten_and_what_is_past_does_not_count() -> None:
    now = {"VIO-01": ("immediate_1h", "ตอนนี้")}
    assert level("VIO-01", Role.SECONDARY, now) == "immediate_1h"
    assert level("VIO-01", Role.SUSPECTED, now) == "24h"
    assert level("MEN-01", Role.PAST) == "routine"


def test_a_danger_to_be_confirmed_is_no_reason_beside_a_sure_one() -> None:
    book = load_library().codebook
    words = {"sign_th": "", "action_th": "", "hotlines": (), "spans": ()}
    sure, doubted = RaisedFlag(id="RF02", **words), RaisedFlag(id="RF13", to_confirm=True, **words)
    assert judge_urgency([], [sure, doubted], book).because == ("RF02",)
    alone = judge_urgency([], [doubted], book)
    assert (alone.level, alone.because) == ("immediate_1h", ("RF13",))
