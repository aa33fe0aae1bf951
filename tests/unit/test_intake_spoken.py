"""Spoken fillers and dialect words are levelled for matching; the story keeps its own words."""

from __future__ import annotations

import pytest

from intake.coding import Coder
from intake.narrative import accept
from intake.normal import levelled
from knowledge_base.library import load_library


@pytest.mark.parametrize(
    ("spoken", "view"),
    [
        ("พ่อ เอ่อ ตีแม่", "พ่อ ตีแม่"),
        ("เอ่อ... คือว่า พ่อตี", "พ่อตี"),
        ("เอิ่มมม เขาเมา", "เขาเมา"),
        ("อืม เขาบอกว่าจะฆ่า", "เขาบอกว่าจะฆ่า"),
        ("ไม่รู้ อ่า จำไม่ได้", "ไม่รู้ จำไม่ได้"),
    ],
)
def test_fillers_are_dropped(spoken: str, view: str) -> None:
    assert levelled(spoken).text == view


@pytest.mark.parametrize(
    "plain", ["น้ำเอ่อล้นตลิ่ง", "เอ่อท่วมบ้าน", "อ่านหนังสือไม่ออก", "อ่างเก็บน้ำ", "คือว่าเขาตี"]
)
def test_words_that_only_sound_like_fillers_stay(plain: str) -> None:
    assert levelled(plain).text == plain


@pytest.mark.parametrize(
    "spoken",
    [
        "ผัว เอ่อ ตีฉัน จนเลือดออก",
        "ผัวเฮ็ดฮ้ายฉัน ตีจนเลือดออก",
        "เปิ้นตี๋ข้าเจ้า ตีจนเลือดออก",
    ],
)
def test_spans_are_exact_words_of_what_was_said(spoken: str) -> None:
    coded = Coder(load_library()).code(accept(spoken))
    assert coded.codes
    spans = [s for c in (*coded.codes, *coded.unsure) for s in c.spans]
    assert all(spoken[s.start : s.end] == s.text for s in spans)
