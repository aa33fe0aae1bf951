"""Dangers in one line, as callers write them: past threats, a pregnant child, who is home again."""

from __future__ import annotations

import pytest

from intake.coding import Coder
from intake.narrative import accept
from intake.red_flags import Heard, find_red_flags
from intake.rules import load_rules, read
from knowledge_base.library import load_library

CODER = Coder(load_library())
RAISED = [
    # what was once threatened, done or tried is a risk now
    ("RF03", "ผัวเก่าเคยพูดว่าจะยิงให้ตายยกครัว"),
    ("RF03", "เขาเคยเอามีดจ่อคอดิฉันเมื่อปีที่แล้ว"),
    ("RF03", "เมื่อก่อนเขาเคยเอาปืนจ่อหัวแม่"),
    ("RF03", "แฟนเก่าเคยขู่ว่าจะสาดน้ำกรดถ้าไปมีคนใหม่"),
    ("RF21", "พ่อเคยพูดว่าถ้าแม่ไปจะตายด้วยกันทั้งบ้าน"),
    ("RF21", "เมื่อก่อนเคยบอกว่าจะฆ่าลูกแล้วฆ่าตัวตายตาม"),
    ("RF21", "ตาพูดว่าคิดว่าตาย ๆ ไปพร้อมกันคงดี"),
    ("RF08", "พี่เคยผูกคอแต่คนมาเจอก่อน"),
    ("RF08", "ลูกเคยกินยาฆ่าหญ้าตอนเลิกกับแฟน"),
    ("RF02", "สองปีที่แล้วเคยบีบคอจนสลบ"),
    ("RF04", "ตอนท้องคนแรกเขาเคยถีบท้อง ตอนนี้ท้องอีก"),
    ("RF06", "น้าเคยข่มขืนหลานวัย 11 ปี ตอนนี้น้ายังอยู่บ้านเดียวกัน"),
    ("RF11", "เขาเคยเอาคลิปโป๊มาขู่ให้โอนเงิน น้องอายุ 15"),
    ("RF17", "คนปล่อยกู้เคยขู่ว่าจะอุ้มลูกชายไป"),
    # a child who is pregnant, with a grown man named or at home
    ("RF06", "หลานอายุ 13 ท้องกับลุง"),
    ("RF06", "เด็กหญิง 14 ตั้งครรภ์ พ่อของเด็กเป็นน้าเขย"),
    ("RF06", "ลูกสาว ม.2 ตั้งท้อง แฟนอายุ 26"),
    ("RF06", "น้องอายุ 12 ปี ท้องได้ห้าเดือน อยู่กับแฟนใหม่ของแม่"),
    # missing now
    ("RF13", "ปู่สมองเสื่อมเคยหลงแล้วเจอที่ตลาด วันนี้หายไปอีกยังไม่เจอ"),
    ("RF13", "หลานสาวหายออกจากบ้านเมื่อวาน ตามหายังไม่เจอ"),
    ("RF17", "เจ้าหนี้พกปืนมาทวงเงินแล้วขู่สามี"),
]
SILENT = [
    ("RF03", "เคยเห็นในข่าวว่ามีคนขู่ฆ่าเมีย"),
    ("RF03", "เขาไม่เคยขู่ฆ่าใคร"),
    ("RF03", "เมื่อก่อนเคยมีปืน ขายไปหลายปีแล้ว"),
    ("RF21", "หมูตายหมดทั้งเล้าเพราะโรคระบาด"),
    ("RF21", "ยายบอกว่าจะอยู่กับตาจนตาย"),
    ("RF08", "ไม่เคยคิดฆ่าตัวตายและไม่เคยทำร้ายตัวเอง"),
    ("RF06", "แม่ท้องสี่เดือน มีลูกสาวอายุ 12 อยู่กับพ่อเลี้ยง"),
    ("RF06", "ลูกสาวอายุ 13 ปวดท้อง ลุงพาไปโรงพยาบาล"),
    ("RF06", "เด็กหญิง 13 ไม่ได้ตั้งครรภ์ อยู่กับลุงและป้า"),
    ("RF06", "เด็กอายุ 14 ท้องกับแฟนรุ่นเดียวกัน"),
    ("RF06", "สาวอายุ 19 ท้องกับแฟน อยู่กับลุง"),
    ("RF13", "ตาหลงลืม หลงทางเมื่ออาทิตย์ก่อน ตอนนี้อยู่บ้านแล้ว"),
    ("RF13", "ลูกหนีออกจากบ้านสองวัน เมื่อเช้ากลับมาเองแล้ว"),
    ("RF13", "ยายสมองเสื่อมหายออกจากบ้าน ตำรวจพากลับมาส่งแล้ว"),
    ("RF13", "แม่เริ่มหลงลืม เดินหลงทางกลับบ้านไม่ถูก"),
    ("RF17", "สามีมีปืนลูกซอง ส่วนหนี้สหกรณ์ผ่อนอยู่"),
]


def flags(story: str) -> set[str]:
    """The flags rules raise."""
    rules = load_rules("red-flag-rules.yaml")
    return {f.id for f in find_red_flags(Heard(read(story)), rules, load_library().codebook)}


@pytest.mark.parametrize(("flag", "story"), RAISED)
def test_raised(flag: str, story: str) -> None:
    assert flag in flags(story)


@pytest.mark.parametrize(("flag", "story"), SILENT)
def test_silent(flag: str, story: str) -> None:
    assert flag not in flags(story)


def test_a_man_at_home_makes_a_suspicion_a_named_father_a_certainty() -> None:
    rules, codebook = load_rules("red-flag-rules.yaml"), load_library().codebook

    def doubted(story: str) -> bool:
        found = find_red_flags(Heard(read(story)), rules, codebook)
        return next(f.to_confirm for f in found if f.id == "RF06")

    assert doubted("น้องอายุ 12 ปี ท้องได้ห้าเดือน พ่อเลี้ยงอยู่บ้านด้วย")
    assert not doubted("น้องอายุ 12 ปี ท้องได้ห้าเดือน ท้องกับพ่อเลี้ยง")


@pytest.mark.parametrize(
    ("code", "story"),
    [
        ("VIO-04", "ลูกถูกพ่อเหวี่ยงไปชนตู้ คิ้วแตก"),
        ("VIO-04", "แผลที่หน้าผากเย็บสี่เข็ม แม่บอกพยาบาลว่าลูกซนล้ม"),
        ("VIO-06", "เด็ก ม.1 ตั้งครรภ์"),
        ("HOU-02", "เทศบาลสั่งให้รื้อถอนภายใน 15 วัน"),
        ("EDU-02", "หลานไม่ยอมไปเรียนมาเดือนหนึ่ง"),
        ("EDU-02", "ไม่มีเงินค่าเทอม"),
        ("EXP-06", "ลูกหยุดเรียนมาช่วยพ่อเก็บของเก่าขาย"),
    ],
)
def test_codes_by_rules(code: str, story: str) -> None:
    assert code in CODER.code(accept(story)).code_ids()


@pytest.mark.parametrize(
    ("code", "story"),
    [
        ("VIO-04", "ลูกถูกเพื่อนผลักล้มตอนเล่นบอล"),
        ("VIO-01", "แฟนไม่ได้ตบ แค่เถียงกัน"),
        ("VIO-01", "ผัวไม่เคยตี"),
        ("VIO-06", "เด็กหญิง 13 ไม่ได้ตั้งครรภ์"),
        ("HOU-02", "รื้อเสื้อผ้าเก่าไปบริจาค"),
    ],
)
def test_near_misses_do_not_code(code: str, story: str) -> None:
    assert code not in CODER.code(accept(story)).code_ids()


def test_a_denial_before_the_act_is_no_denial_of_the_act() -> None:
    assert "VIO-11" in CODER.code(accept("ลูกชายขอเงินไม่ได้เลยผลักแม่ล้ม")).code_ids()
