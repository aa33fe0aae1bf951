"""Each red flag: a story that must raise it, and a near one that must not."""

from __future__ import annotations

import pytest

from intake.coding import Coder
from intake.narrative import accept
from intake.red_flags import Heard, find_red_flags, unreadable
from intake.rules import load_rules, read
from knowledge_base.library import load_library

CASES = {
    "RF01": ("ตอนนี้สามีกำลังพังประตูจะเข้ามาทำร้าย", "สามีเลิกทำร้ายและย้ายออกไปนานแล้ว"),
    "RF02": ("แฟนเอามือบีบคอจนหน้ามืด", "ปวดคอเพราะนอนตกหมอน"),
    "RF03": ("เขาเอาปืนมาจ่อหัวแล้วขู่", "แม่ใช้มีดหั่นผักทำกับข้าว"),
    "RF04": ("เธอตั้งท้องได้ห้าเดือน เมื่อคืนแฟนเตะท้อง", "เธอตั้งท้องได้ห้าเดือน แฟนดูแลดี"),
    "RF05": ("ทารกอายุ 3 เดือนมีรอยช้ำที่แก้ม", "ทารกอายุ 3 เดือนน้ำหนักขึ้นดี"),
    "RF06": ("เด็กหญิงอายุ 9 ปีบอกว่าลุงลวนลาม คืนนี้ลุงนอนห้องเดียวกัน", "เด็กหญิงอายุ 9 ปีไปเที่ยวกับลุง"),
    "RF07": ("เด็กสองขวบอยู่คนเดียวในห้องตั้งแต่เช้า", "เด็กสองขวบอยู่กับยายทั้งวัน"),
    "RF08": ("เขียนจดหมายลาแล้วบอกว่าอยากตาย", "ไม่เคยคิดอยากตาย"),
    "RF09": ("ลูกชายหูแว่ว ถือมีดเดินรอบบ้าน", "ลูกชายหูแว่ว กินยาสม่ำเสมอ นอนหลับดี"),
    "RF10": ("นายจ้างยึดพาสปอร์ตและมีคนเฝ้าหน้าหอ", "นายจ้างดีและต่อบัตรให้ทุกปี"),
    "RF11": ("ลูกสาวอายุ 13 ปีถูกขู่จะปล่อยคลิป", "ลูกสาวอายุ 13 ปีถ่ายคลิปเต้นกับเพื่อน"),
    "RF12": ("ยายติดเตียง แผลกดทับเน่า ตัวร้อน", "ยายติดเตียง ตัวสะอาด ไม่มีแผลกดทับ"),
    "RF13": ("เด็กอายุ 8 ปีไม่กลับบ้านตั้งแต่เมื่อวานเย็น", "เด็กอายุ 8 ปีกลับบ้านตรงเวลา"),
    "RF14": ("มีคนมาขอซื้อเด็กแรกเกิด", "ไปซื้อนมให้เด็กแรกเกิด"),
    "RF15": ("พ่อไม่ดื่มเหล้ามาสองวัน มือสั่น เห็นภาพหลอน", "พ่อเลิกเหล้าแล้ว สุขภาพแข็งแรง"),
    "RF16": ("เธอท้อง 3 เดือน กินยาขับเลือดแล้วเลือดออกมาก", "เธอท้อง 3 เดือน ฝากครรภ์ตามนัด"),
    "RF17": ("เจ้าหนี้ขู่จะเอาลูกสาวไปขัดดอก", "เป็นหนี้สหกรณ์ ผ่อนตามนัด"),
    "RF18": ("สามีที่เคยทำร้ายรู้ที่พักแล้ว กำลังออกตามหา", "สามีช่วยหางานใหม่ให้"),
    "RF19": ("ลูกไม่ฉี่ตั้งแต่เช้า ปากแห้ง ซึมลง", "ลูกกินนมเก่ง เล่นดี"),
    "RF20": ("น้ำท่วมชั้นล่าง ยายฟอกไตติดอยู่ชั้นสอง", "น้ำท่วมนาข้าวเสียหาย"),
    "RF21": ("แม่พูดว่าจะตายก็ตายด้วยกันทั้งบ้าน", "ทั้งบ้านไปวัดด้วยกัน"),
    "RF22": ("ศาลห้ามเข้าใกล้แต่เขามานั่งหน้าบ้าน", "ศาลนัดไต่สวนเดือนหน้า"),
    "RF23": ("น้องบอกว่าโดนพ่อตี อย่าบอกพ่อนะ เย็นนี้พ่อมารับ", "น้องบอกว่าอยากได้จักรยาน เย็นนี้พ่อมารับ"),
}


def raised(story: str) -> set[str]:
    """The flags a story raises; their words are checked on the way."""
    heard = Heard(read(story))
    flags = find_red_flags(heard, load_rules("red-flag-rules.yaml"), load_library().codebook)
    for flag in flags:
        assert flag.spans
        assert all(story[s.start : s.end] == s.text for s in flag.spans)
        assert flag.action_th
    return {f.id for f in flags}


def test_every_flag_of_the_code_book_has_a_rule_and_a_case() -> None:
    known = set(load_library().codebook.red_flags)
    assert {r.target for r in load_rules("red-flag-rules.yaml")} == known == set(CASES)


@pytest.mark.parametrize("flag", sorted(CASES))
def test_raises(flag: str) -> None:
    assert flag in raised(CASES[flag][0])


@pytest.mark.parametrize("flag", sorted(CASES))
def test_stays_silent(flag: str) -> None:
    assert flag not in raised(CASES[flag][1])


def with_doubts(story: str, *words: str) -> dict[str, bool]:
    """The flags raised while some words are unconfirmed, and whether they wait for a person."""
    places = [(story.index(w), story.index(w) + len(w)) for w in words]
    flags = find_red_flags(
        Heard(read(story)),
        load_rules("red-flag-rules.yaml"),
        load_library().codebook,
        Heard(read(unreadable(story, places))),
    )
    assert all(story[s.start : s.end] == s.text for f in flags for s in f.spans)
    return {f.id: f.to_confirm for f in flags}


def test_a_flag_on_unconfirmed_words_is_raised_and_waits_for_a_person() -> None:
    assert with_doubts("เขียนจดหมายลาแล้วบอกว่าอยากตาย", "อยากตาย", "จดหมายลา")["RF08"]
    assert with_doubts("แฟนเอามือบีบคอจนหน้ามืด", "บีบคอ")["RF02"]


def test_a_flag_on_sure_words_stands_whatever_else_is_doubted() -> None:
    assert not with_doubts("เมื่อวานฝนตก แฟนเอามือบีบคอจนหน้ามืด", "ฝนตก")["RF02"]
    assert not with_doubts("แฟนบีบคอ แล้วคืนนี้ก็บีบคออีก", "แฟน")["RF02"]


def test_an_unconfirmed_denial_hides_no_danger() -> None:
    assert "RF02" not in raised("เขาไม่ได้บีบคอ")
    assert with_doubts("เขาไม่ได้บีบคอ", "ไม่ได้")["RF02"]


def test_without_doubts_nothing_waits() -> None:
    assert not any(with_doubts("แฟนเอามือบีบคอจนหน้ามืด").values())


def test_the_coder_marks_flags_of_unconfirmed_words() -> None:
    story = "แฟนเอามือบีบคอจนหน้ามืด"
    at = story.index("บีบคอ")
    coder = Coder(load_library())
    (flag,) = [f for f in coder.code(accept(story)).red_flags if f.id == "RF02"]
    assert not flag.to_confirm
    doubted = coder.code(accept(story, unconfirmed=((at, at + 5),)))
    (flag,) = [f for f in doubted.red_flags if f.id == "RF02"]
    assert flag.to_confirm
    assert doubted.urgency == coder.code(accept(story)).urgency
