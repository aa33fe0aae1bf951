"""Limits people set: a fired rule is never silent, a faint meaning in a short text never loud."""

from __future__ import annotations

import pytest

from intake.cues import Cue, denied_codes
from intake.learning import CodeSigns
from intake.lifts import Lifts
from intake.limits import audible, flag_audible, floor, is_short, load_limits, shortness
from intake.negation import Standing
from intake.rules import load_rules, read
from intake.schemas import Role
from intake.signs import Sign
from intake.weighing import ENOUGH, load_weights
from intake.windows import Window

LIMITS, WEIGHTS = load_limits(), load_weights()


def told(strength: float, windows: int = 1) -> CodeSigns:
    """One sign of one code."""
    sign = Sign("HOU-02", strength, Standing.STATED, 0, 1, Window(0, "x"))
    return CodeSigns({"HOU-02": [sign]}, {}, windows, Lifts((), [[]]))  # type: ignore[arg-type]


def cue(code: str, score: float, role: Role = Role.SECONDARY) -> Cue:
    """A rule's cue."""
    return Cue(code, score, role, (), (f"{code}/1",))


def test_a_firm_rule_is_at_least_unsure_and_names_violence() -> None:
    assert floor(cue("HOU-02", LIMITS.firm)) == WEIGHTS.unsure
    assert floor(cue("VIO-01", LIMITS.naming)) == WEIGHTS.threshold
    assert floor(cue("VIO-01", LIMITS.firm)) == WEIGHTS.unsure
    assert floor(cue("VIO-01", LIMITS.firm - 0.01)) == 0.0


@pytest.mark.parametrize("role", [Role.PAST, Role.SUSPECTED])
def test_rumour_and_past_have_no_floor(role: Role) -> None:
    assert floor(cue("VIO-01", 0.95, role)) == 0.0
    assert floor(None) == 0.0


def test_a_faint_meaning_in_one_sentence_is_unsure_or_nothing() -> None:
    chances = {"HOU-02": 0.9}
    assert audible(chances, told(LIMITS.heard), {})["HOU-02"] == 0.9
    offered = audible(chances, told(LIMITS.offered), {})["HOU-02"]
    assert WEIGHTS.unsure <= offered < WEIGHTS.threshold
    assert audible(chances, told(LIMITS.offered - 0.01), {})["HOU-02"] < WEIGHTS.unsure


def test_a_rule_or_a_long_story_needs_no_strength() -> None:
    chances = {"HOU-02": 0.9}
    assert audible(chances, told(0.0), {"HOU-02": cue("HOU-02", 0.6)}) == chances
    assert audible(chances, told(0.0, ENOUGH), {}) == chances


def test_what_rules_find_denied_is_only_offered() -> None:
    chances = {"HOU-02": 0.9}
    assert audible(chances, told(0.9, ENOUGH), {}, {"HOU-02"})["HOU-02"] < WEIGHTS.threshold
    rules = load_rules("cue-rules.yaml")
    assert "SUB-01" in denied_codes(read("ปฏิเสธการใช้ยาบ้า"), rules)
    assert "SUB-01" not in denied_codes(read("เสพยาบ้าทุกวัน"), rules)


def test_a_flag_heard_alone_in_a_short_text_needs_its_problem_or_strength() -> None:
    assert not flag_audible(LIMITS.flag_heard - 0.01, 1, [0.1])
    assert flag_audible(LIMITS.flag_heard, 1, [0.1])
    assert flag_audible(0.0, 1, [WEIGHTS.threshold])
    assert flag_audible(0.0, ENOUGH, [])


def test_shortness_ends_with_the_shortest_story_of_the_fit() -> None:
    assert (shortness(0), shortness(1), shortness(ENOUGH), shortness(40)) == (1.0, 1.0, 0.0, 0.0)
    assert is_short(1)
    assert not is_short(ENOUGH)
