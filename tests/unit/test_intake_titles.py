"""Titles are cut off a name; a name that only begins like a title stays whole."""

from __future__ import annotations

import pytest

from intake.mentions import Told
from intake.name_matching import Described, compare, untitled
from intake.placeholders import PLACEHOLDER, bare_name
from intake.privacy import Masker

BEGIN_LIKE_A_TITLE = """
    อานนท์ อานันท์ อาทิตย์ อารี อารีย์ อารยา อาริยา อาคม อาทร อาภรณ์ อาภัสรา อาณัติ อาจารี อาชวิน อานุภาพ อาวุธ อารมณ์
    อาจณรงค์ อาณัฏฐ์ อาซีซะห์ อามีนา อามีเนาะ อาอีเสาะห์ อาลี อาแวบือซา อาหมัด อาดัม อาร์ม อาร์ต อาย
    บังอร บักรี แบงค์ แบงก์ แบงค์ชัย กะทิ กะดิรัตน์ คุณากร คุณานนต์ คุณัญญา คุณาสิน ลูกเกด ลูกแก้ว ลูกตาล ลูกหมี ลูกปลา
    หนูนา หนูดี หนูแดง หนูนิด เจ้าจอม เจ๊ะซู เจ๊ะฟาตีเมาะ ตามีซี หมอนชัย เณรีณัฏฐ์ อีฟตีนา
"""
TITLED = {
    "น้องมะปราง": "มะปราง",
    "อาสมพร": "สมพร",
    "อานุช": "นุช",
    "ลุงสมชาย": "สมชาย",
    "ป้าแดง": "แดง",
    "ยายจันทร์": "จันทร์",
    "ตาสี": "สี",
    "คุณครูสุภาวดี": "สุภาวดี",
    "หมอวิชัย": "วิชัย",
    "คุณเดช": "เดช",
    "น้องนุช": "นุช",
    "ครูมานิตย์": "มานิตย์",
    "ไอ้ดำ": "ดำ",
    "ด.ช.อานนท์": "อานนท์",
    "นายอาทิตย์": "อาทิตย์",
    "นายหนูแดง": "หนูแดง",
    "นาง บังอร": "บังอร",
}


@pytest.mark.parametrize("name", BEGIN_LIKE_A_TITLE.split())
def test_a_name_that_begins_like_a_title_stays_whole(name: str) -> None:
    for before in ("", "นาย", "นางสาว"):
        assert bare_name(before + name) == (name,)
        assert untitled(before + name) == name
    assert bare_name(f"{name} ใจดี") == (name, "ใจดี")


@pytest.mark.parametrize("words", TITLED)
def test_a_title_is_cut_off_a_name(words: str) -> None:
    assert bare_name(words) == (TITLED[words],)
    assert untitled(words) == TITLED[words]


def test_two_people_of_whom_one_is_named_like_the_others_uncle_stay_two() -> None:
    story = "นายอานนท์ ใจกล้า เป็นพ่อ ส่วนลูกชื่อนายนนท์ ใจกล้า อานนท์ทำงานที่โรงสี"
    masked = Masker().mask(story)
    first, second, again = PLACEHOLDER.findall(masked.text)
    assert first == again != second
    assert masked.restore(f"ติดต่อ{first}ก่อน") == "ติดต่อนายอานนท์ ใจกล้าก่อน"
    likeness = compare(Described(given_name="อานนท์"), Described(given_name="นนท์"))
    assert not any(r.code == "same_name" for r in likeness.reasons)


def test_a_name_that_begins_like_a_word_of_kin_makes_nobody_kin() -> None:
    names = Told("นางสาวอารยา ใจดี มาแจ้งความ แล้วอารยาก็กลับบ้านไป").names
    assert names
    assert all(n.word is None or not n.word.kin for n in names)
