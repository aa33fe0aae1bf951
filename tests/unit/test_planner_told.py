"""What a story tells is quoted whole, counted as a strength, a fact, and not asked again."""

from __future__ import annotations

import pytest

from intake.schemas import Role
from planner.brief import Brief
from planner.cues import find_cues
from planner.ledger import Ledger
from planner.questions import missing
from planner.quotes import around
from planner.schemas import Action, Draft
from tests.drafts import DAY, LIBRARY, RECEIVED, coded, draft, narrative, problem, span


def strengths(story: str) -> list[str]:
    return [c.span.text for c in find_cues(story) if c.kind == "strength"]


@pytest.mark.parametrize(
    ("story", "words", "quote"),
    [
        ("ค่าน้ำประปาที่บ้านใหม่เดือนละ 350 บาท ลูกยังเล็ก", "ค่าน้ำ", "ค่าน้ำประปาที่บ้านใหม่เดือนละ 350 บาท"),
        ("เขาย้ายมาตั้งแต่ปีที่แล้ว ไม่มีใครรู้จัก", "ย้ายมา", "เขาย้ายมาตั้งแต่ปีที่แล้ว"),
        ("น้องเมย์ไม่มีบัตร 10 ปี กับใบเกิด พ่อไปทะเล", "ไม่มีบัตร", "น้องเมย์ไม่มีบัตร 10 ปี กับใบเกิด"),
        ("ลุงบอกว่า ไม่อยากไปหาหมอเพราะไกล บ้านอยู่ท้ายไร่", "ไม่อยาก", "ลุงบอกว่า ไม่อยากไปหาหมอเพราะไกล"),
        ("ป่วยมา 3 วัน\nแม่พาไปอนามัยแล้วหมอให้ยากลับมากิน", "3 วัน", "ป่วยมา 3 วัน"),
    ],
)
def test_a_quote_ends_where_the_phrase_ends(story: str, words: str, quote: str) -> None:
    found = around(story, span(words, story))
    assert found.text == quote
    assert story[found.start : found.end] == quote


@pytest.mark.parametrize(
    "story",
    [
        "จุดแข็งคือพูดได้สามภาษา",
        "ป้าข้างบ้านช่วยรับลูกจากโรงเรียน",
        "เธอเคยทอผ้าส่งขาย",
        "ตาชอบไปวัดทุกเช้า",
        "แม่หอบลูกหนีออกมาได้",
        "น้องตั้งใจเรียน ครูชมบ่อย",
        "ยายยังเดินได้เอง",
        "เขาอยากเลิกเหล้าแล้ว",
        "ลุงไม่เคยขาดยาเลย",
    ],
)
def test_a_strength_that_is_told_is_heard(story: str) -> None:
    assert strengths(story), story


@pytest.mark.parametrize(
    "story",
    [
        "ไม่มีใครช่วยเลยสักคน",
        "อยากให้ครูช่วยคุยกับพ่อ",
        "ตาเดินไม่ได้แล้ว",
        "สามีเคยทำงานโรงงานน้ำแข็ง",
        "พยาบาลพาไปวัดความดัน",
        "เด็กไม่กล้าเล่าให้ใครฟัง",
        "ลูกไม่ส่งเงินมาให้สองปี",
        "ยายช่วยตัวเองไม่ได้",
    ],
)
def test_what_is_no_strength_is_not_praised(story: str) -> None:
    assert not strengths(story), story


def questions(story: str, code: str, words: str) -> list[str]:
    coding = coded([problem(code, words, Role.PRIMARY, story)], story=story)
    told = Brief(LIBRARY, narrative(story), coding, DAY, RECEIVED)
    return [s.text for s in missing(told, Ledger(LIBRARY, DAY))]


def test_what_was_told_is_not_asked_again() -> None:
    told = "หญิงอายุ 28 ปีถูกแฟนรัดคอ เขามีปืนสั้น เธอตั้งครรภ์ 5 เดือน"
    plain = "หญิงอายุ 28 ปีถูกแฟนทำร้ายที่บ้าน"
    asked = questions(told, "VIO-01", "รัดคอ")
    assert not [q for q in asked if q.startswith(("มีปืน", "เคยถูกบีบคอ", "คุณตั้งครรภ์"))]
    assert any("กลืนเจ็บ" in q for q in asked)
    assert any("ลูกดิ้น" in q for q in asked)
    before = questions(plain, "VIO-01", "ทำร้าย")
    assert any(q.startswith("มีปืน") for q in before)
    assert any(q.startswith("เคยถูกบีบคอ") for q in before)


def test_papers_that_were_signed_are_not_asked_for_twice() -> None:
    told = "ตาเซ็นใบมอบอำนาจให้หลานเขยไป"
    assert not [q for q in questions(told, "EXP-07", "หลานเขย") if "เซ็น" in q]
    unknown = questions("ตามีหลานเขยคอยถือบัตรให้", "EXP-07", "หลานเขย")
    assert len([q for q in unknown if "เซ็น" in q]) == 1


def test_what_is_said_of_the_client_reaches_the_schemes_with_its_words() -> None:
    story = "ลุงสมานอายุ 44 ปีขาขาดจากรถไถ ใช้ไม้ค้ำเก่า อยู่กับหลานชายอายุ 12 ปี"
    coding = coded([problem("DIS-01", "ขาขาด", Role.PRIMARY, story)], story=story, level="routine")
    made = draft(story, coding)
    assert not [s for s in made.schemes if s.id == "old-age-allowance" and s.verdict == "ask"]
    assert any("44" in s.text for s in made.assessment.facts)
    assert not made.flagged()


def client_age(story: str, code: str, words: str) -> object:
    coding = coded([problem(code, words, Role.PRIMARY, story)], story=story)
    return Brief(LIBRARY, narrative(story), coding, DAY, RECEIVED).facts.get("age_years")


def test_the_age_of_somebody_else_is_not_the_clients() -> None:
    grown = "สามีอายุ 51 ปีทุบตีภรรยา ลูกสาวอายุ 9 ปีร้องไห้"
    assert client_age(grown, "VIO-01", "ทุบตีภรรยา") != 9
    assert client_age("ยายทองอายุ 81 ปีนอนติดเตียง", "AGE-01", "นอนติดเตียง") == 81
    assert client_age("ยายทองอายุ 81 ปีเลี้ยงหลาน", "VIO-04", "เลี้ยงหลาน") is None


def test_steps_keep_to_what_the_story_is_about() -> None:
    sold = "ยายอายุ 77 ปีถูกหลานเอาเงินไป เจ้าของบ้านเช่าจะให้ออกสิ้นเดือน นั่งรถเข็น"
    made = draft(sold, coded([problem("EXP-07", "เอาเงินไป", Role.PRIMARY, sold)], story=sold))
    ids = {a.id: a for a in _actions(made)}
    assert not {"case.age", "case.clock", "case.doctor", "case.told.bedridden"} & set(ids)
    assert ids["case.date"].within == "72h"


def _actions(made: Draft) -> list[Action]:
    return [a for p in made.plan.problems for g in p.goals for a in g.actions]
