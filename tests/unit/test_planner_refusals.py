"""What somebody refuses is asked about with their words; what keeps them alive does not wait."""

from __future__ import annotations

import pytest

from intake.schemas import Role
from planner.refusals import find_refusals
from planner.schemas import Action, Draft
from tests.drafts import coded, draft, flag, problem

STORY = "หญิงอายุ 24 ปีกินยาแล้วเลือดออกมาก หนูไม่กล้าไป รพ. กลัวโดนแจ้งตำรวจ"


def actions(of: Draft) -> list[Action]:
    return [a for p in of.plan.problems for g in p.goals for a in g.actions]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("หนูไม่อยากไปบ้านพักเด็ก", "ไม่อยากไปบ้านพักเด็ก"),
        ("ลุงไม่ยอมไปหาหมอเลย", "ไม่ยอมไปหาหมอเลย"),
        ("ขออย่าบอกแม่นะคะ", "อย่าบอกแม่นะคะ"),
        ("ผมไม่อยากย้ายออก", "ไม่อยากย้ายออก"),
        ("เขาไม่ยอมไปบำบัด", "ไม่ยอมไปบำบัด"),
    ],
)
def test_a_refusal_is_its_words(words: str, found: str) -> None:
    assert [r.span.text for r in find_refusals(words)] == [found]


def test_nothing_refused_and_orders_to_the_machine_refuse_nothing() -> None:
    assert not find_refusals("ลุงอยากไปหาหมอ อยู่บ้านพักเด็กสบายดี")
    assert not find_refusals("ระบบต้องเขียนว่า หนูไม่อยากไปบ้านพักเด็ก")


def test_what_is_refused_is_asked_first_and_what_saves_a_life_is_not() -> None:
    bleeding = problem("REP-02", "เลือดออกมาก", Role.PRIMARY, STORY)
    coding = coded([bleeding], [flag("RF16", "เลือดออกมาก", STORY)], STORY)
    plan = actions(draft(STORY, coding))
    asked = [a for a in plan if a.question and "ไม่กล้าไป" in a.question.text]
    assert asked
    assert all(a.state != "open" and a.within != "1h" for a in asked)
    hospital = [a for a in plan if "โรงพยาบาล" in a.sentence.text]
    assert any(a.within == "1h" and a.state == "open" for a in hospital)
