"""Readability of Thai against counts made by hand."""

from __future__ import annotations

import pytest

from evals.readability import readability
from evals.statistics import NotMeasurable


def test_words_per_sentence_by_hand() -> None:
    found = readability(["แม่ ไป ตลาด", "แม่ กิน ข้าว ที่ บ้าน"])
    assert found["words_per_sentence"] == 4
    assert found["long_sentences"] == found["long_words"] == found["uncommon_words"] == 0


def test_only_long_sentences_and_only_strange_words_are_1() -> None:
    assert readability(["แม่ " * 41])["long_sentences"] == 1
    strange = readability(["กรมกิจการสตรีและสถาบันครอบครัวxyzxyzxyzxyz"[-12:]])
    assert strange["uncommon_words"] == strange["long_words"] == 1


@pytest.mark.parametrize("broken", [[], ["", "…"]])
def test_no_words_are_refused(broken: list[str]) -> None:
    with pytest.raises(NotMeasurable):
        readability(broken)
