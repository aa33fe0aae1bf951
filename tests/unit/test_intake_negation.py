"""Denials, questions, fears, rumours and the past change what a sign says; spans stay exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.clauses import clauses
from intake.negation import Standing, load_negation
from intake.normal import levelled


def standing(text: str, sign: str) -> Standing:
    """How a sign stands in a text, after levelling."""
    view = levelled(text).text
    start = view.index(sign)
    return load_negation().standing(view, clauses(view), start, start + len(sign))


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [
        ("พ่อตีลูกทุกวัน", "ตี", Standing.STATED),
        ("ยืนยันว่าไม่เคยตีลูก", "ตี", Standing.NEGATED),
        ("บ่เคยหันตีกัน", "ตี", Standing.NEGATED),
        ("ปฏิเสธการใช้สารเสพติด", "สารเสพติด", Standing.NEGATED),
        ("ถามแล้วไม่มีใครตีหรือทำร้ายน้อง", "ทำร้าย", Standing.NEGATED),
        ("ไม่ได้ถูกทำร้าย", "ทำร้าย", Standing.NEGATED),
        ("ถามว่าพี่ตีไหม ตอบว่าไม่", "ตี", Standing.NEGATED),
        ("ถามเรื่องความคิดอยากตาย", "อยากตาย", Standing.ASKED),
        ("เด็กกลัวว่าจะโดนตี", "ตี", Standing.FEARED),
        ("ชาวบ้านว่ากลับไปเล่นม้า", "เล่นม้า", Standing.RUMOURED),
        ("เขาว่ากันว่าพ่อติดยา", "ติดยา", Standing.RUMOURED),
        ("ปีกลายเคยตีเมีย", "ตี", Standing.PAST),
        ("เมื่อก่อนกินเหล้า", "กินเหล้า", Standing.PAST),
        ("ดูจากข่าวแม่ฆ่าลูก", "ฆ่า", Standing.OTHER),
        ("ไม่ให้เงินก็ตีแม่", "ตี", Standing.STATED),
        ("ไม่มีเงิน แต่พ่อตีลูก", "ตี", Standing.STATED),
    ],
)
def test_standing(text: str, sign: str, expected: Standing) -> None:
    assert standing(text, sign) is expected


def test_a_denial_ends_with_its_clause() -> None:
    assert standing("ครูบอกว่าเด็กไม่มีปัญหาเรื่องเรียนเลย พ่อตีเด็กเมื่อคืน", "ตี") is Standing.STATED


@pytest.mark.parametrize(
    ("written", "levelled_to"),
    [
        ("๑๒ ขวบ", "12 ขวบ"),
        ("ช่วยด้วยคับ", "ช่วยด้วยครับ"),
        ("โรงงานก้อปิด", "โรงงานก็ปิด"),
        ("ก้อนเนื้อ", "ก้อนเนื้อ"),
        ("ห้องคับแคบ", "ห้องคับแคบ"),
        ("มากกกกก", "มาก"),
        ("เด็\u200bก", "เด็ก"),
        ("บ่เคย", "ไม่เคย"),
        ("บ่นทุกวัน", "บ่นทุกวัน"),
        ("บ่อน้ำ", "บ่อน้ำ"),
        ("ดูแลลูก", "ดูแลลูก"),
    ],
)
def test_one_spelling(written: str, levelled_to: str) -> None:
    assert levelled(written).text == levelled_to


@given(st.text(st.sampled_from("คับก้อเปน บ่เคย๑๒มากกก\u200bฮู้เฮ็ด\nabc"), max_size=60))
def test_every_letter_of_the_view_comes_from_the_story(text: str) -> None:
    view = levelled(text)
    assert len(view.text) == len(view.starts) == len(view.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(view.starts, view.ends, strict=True))
    assert list(view.starts) == sorted(view.starts)


@given(st.text(st.sampled_from('กขค แต่\n"1.ab'), max_size=80))
def test_clauses_cover_the_text(text: str) -> None:
    parts = clauses(text)
    pieces = [text[slice(*parts.bounds(i))] for i in range(len(parts.starts))]
    assert "".join(pieces) == text
    assert all(parts.index(at) >= 0 for at in range(len(text)))


def test_numbers_do_not_cut_a_clause() -> None:
    assert len(clauses("น้องอายุ 12 ปี เรียนชั้น ป.6 อยู่").starts) < 4
    assert len(clauses("แม่ไปทำงาน\nยายเลี้ยงหลาน").starts) == 2
