"""Thai text as the lexical legs read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.references import named_sections
from knowledge_base.words import repaired, trigrams, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("น\u0e4d\u0e32", "นำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("มาตรา ๔๑", "มาตรา 41"),
        ("เด็ก\u200bหาย", "เด็กหาย"),
        ("\ufeffABC", "abc"),
    ],
)
def test_one_spelling_for_one_text(written: str, read: str) -> None:
    assert repaired(written) == read


@given(st.text(max_size=80))
def test_repair_is_stable(text: str) -> None:
    assert repaired(repaired(text)) == repaired(text)


def test_words_are_segmented_without_spaces_and_marks() -> None:
    assert words("เด็กถูกทำร้าย (ครั้งที่ ๒)!") == ["เด็ก", "ถูก", "ทำร้าย", "ครั้ง", "ที่", "2"]
    assert words(" … ") == []


def test_trigrams_stay_within_runs() -> None:
    assert trigrams("abcd ef") == ["abc", "bcd", "ef"]
    assert trigrams("") == []


@pytest.mark.parametrize(
    ("query", "sections"),
    [
        ("มาตรา ๔๑", {"41"}),
        ("ม.41 และ ม. 42", {"41", "42"}),
        ("มาตรา 300/1", {"300/1"}),
        ("ครม.41 คน", set()),
        ("อายุ 41 ปี", set()),
        ("มาตราส่วน", set()),
    ],
)
def test_sections_a_question_names(query: str, sections: set[str]) -> None:
    assert named_sections(query) == sections
