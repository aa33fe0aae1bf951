"""What a plan opens, asks and puts off: danger and tonight first, and nothing asked in silence."""

from __future__ import annotations

import pytest

from intake.schemas import CodedNarrative, Role
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.care_plan import write_problems
from planner.choices import TODAY, choose
from planner.fit import AT_ONCE, fits
from planner.ledger import Ledger
from planner.periods import hours
from planner.schemas import Action, Problem
from tests.drafts import DAY, LIBRARY, RECEIVED, STORY, coded, flag, narrative, problem, violence

PLAIN = "เล่าว่าช่วงนี้ที่บ้านลำบาก ขอคำปรึกษา"
TWO = "แม่ถูกน้าชายต่อยจนปากแตก พูดว่าอยากตาย ลูกสาวขาดเรียนบ่อย บ้านหลังคารั่ว"


def brief(story: str, coding: CodedNarrative) -> Brief:
    return Brief(LIBRARY, narrative(story), coding, DAY, RECEIVED)


def plan(story: str, coding: CodedNarrative) -> tuple[Problem, ...]:
    told = brief(story, coding)
    return write_problems(told, Ledger(LIBRARY, DAY), choose(told))


def actions(problems: tuple[Problem, ...]) -> list[Action]:
    return [a for p in problems for g in p.goals for a in g.actions]


def many() -> CodedNarrative:
    """A main problem, three others and a danger nobody is sure of."""
    return coded(
        [
            problem("VIO-11", "น้าชายต่อย", Role.PRIMARY, TWO),
            problem("EDU-02", "ขาดเรียนบ่อย", story=TWO),
            problem("HOU-03", "หลังคารั่ว", story=TWO),
            problem("MEN-01", "อยากตาย", Role.SUSPECTED, TWO),
        ],
        [flag("RF08", "อยากตาย", TWO)],
        TWO,
    )


def test_what_is_asked_is_what_is_due_first() -> None:
    made = actions(plan(TWO, many()))
    asked = [hours(a.within) for a in made if a.state == "ask"]
    waiting = [a for a in made if a.state == "scheduled" and a.question]
    assert asked
    assert all(hours(a.within) >= max(asked) for a in waiting)
    first_hour = [a for a in made if a.id.startswith("MEN-01") and a.within == "1h"]
    assert first_hour
    assert all(a.state in ("ask", "open") for a in first_hour)


@pytest.mark.parametrize(("story", "coding"), [(TWO, many()), (STORY, violence())])
def test_nothing_of_next_week_is_open_before_a_danger_of_today(
    story: str, coding: CodedNarrative
) -> None:
    told = brief(story, coding)
    chosen = choose(told)
    opened = [c for c in chosen.choices if chosen.states[c.action.id] == "open"]
    late = [c for c in opened if hours(c.action.when) > hours(TODAY)]
    today = [
        c
        for c in chosen.choices
        if c.problem is told.problems[0] and c.truth is Truth.TRUE and not c.is_case
        if hours(c.action.when) <= hours(TODAY)
    ]
    assert today
    assert not late or all(c in opened for c in today)
    assert len(opened) <= 12


def test_tonight_is_within_hours_and_open() -> None:
    made = {a.id: a for a in actions(plan(STORY, violence()))}
    assert made["case.tonight"].state == "open"
    assert hours(made["case.tonight"].within) < 12


def test_the_first_hour_waits_for_nobody_who_is_merely_mentioned() -> None:
    for code, library in LIBRARY.interventions.items():
        told = brief(PLAIN, coded([problem(code, "", Role.PRIMARY, PLAIN)], story=PLAIN))
        for action in library.actions:
            if hours(action.when) <= hours(AT_ONCE) and not action.conditions:
                assert fits(told, told.problems[0], action) is Truth.TRUE, action.id


def test_every_problem_of_the_library_asks_aloud_and_keeps_what_its_goals_promise() -> None:
    for code in LIBRARY.interventions:
        problems = plan(PLAIN, coded([problem(code, "", Role.PRIMARY, PLAIN)], story=PLAIN))
        assert all(a.question for a in actions(problems) if a.state == "ask"), code
        assert all(g.actions for p in problems for g in p.goals), code


def test_what_a_shown_goal_promises_is_not_dropped_for_what_is_nearer_in_words() -> None:
    story = "หญิงอายุ 22 ปีตั้งครรภ์ 3 เดือนหลังถูกข่มขืน เก็บเสื้อผ้าไว้ให้ตำรวจ ขอคำปรึกษา"
    raped = problem("REP-03", "ตั้งครรภ์ 3 เดือนหลังถูกข่มขืน", story=story)
    others = [problem(code, "ขอคำปรึกษา", story=story) for code in ("ECO-01", "HOU-02", "MEN-03")]
    main = problem("VIO-08", "ถูกข่มขืน", Role.PRIMARY, story)
    found = plan(story, coded([main, raped, *others], story=story))
    goal = next(g for p in found for g in p.goals if g.id == "REP-03.g2")
    assert "ทางเลือก" in goal.sentence.text
    assert any("ทางเลือก" in a.sentence.text for a in actions(found))


def test_nobody_is_led_to_carry_on_before_she_has_chosen() -> None:
    story = "หญิงอายุ 19 ปีตั้งท้องได้ 2 เดือน ยังไม่รู้จะทำอย่างไร"
    unsure = coded([problem("REP-02", "ตั้งท้องได้ 2 เดือน", Role.PRIMARY, story)], story=story)
    ill = coded([problem("HLT-01", "ตั้งท้องได้ 2 เดือน", Role.PRIMARY, story)], story=story)
    assert "case.told.pregnant" not in {a.id for a in actions(plan(story, unsure))}
    assert "case.told.pregnant" in {a.id for a in actions(plan(story, ill))}
