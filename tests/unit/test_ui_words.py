"""Both languages say everything, with the same places; dates are Buddhist in Thai."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.calendar import day, moment
from ui.words import catalogue, say

PAGES = Path(__file__).parents[2] / "ui"
THAI = re.compile(r"[\u0e00-\u0e7f]")


def test_no_key_is_missing_in_either_language() -> None:
    assert set(catalogue("th")) == set(catalogue("en"))


def test_both_languages_fill_the_same_places() -> None:
    def places(words: str) -> set[str]:
        return set(re.findall(r"\{(\w+)", words))

    different = [
        k for k in catalogue("th") if places(catalogue("th")[k]) != places(catalogue("en")[k])
    ]
    assert different == []


def test_no_page_holds_thai_words() -> None:
    holding = [f.name for f in PAGES.glob("*.py") if THAI.search(f.read_text(encoding="utf-8"))]
    assert holding == []


def test_every_literal_key_a_page_says_is_written() -> None:
    source = "\n".join(f.read_text(encoding="utf-8") for f in PAGES.glob("*.py"))
    keys = set(re.findall(r"""say\(\s*"([a-z0-9_.]+)"[,)]""", source))
    assert keys
    assert keys - set(catalogue("th")) == set()


@pytest.mark.parametrize(("lang", "shown"), [("th", "24 พ.ย. 2569"), ("en", "24 Nov 2026")])
def test_days(lang: str, shown: str) -> None:
    assert day("2026-11-24", lang) == shown


def test_moments_are_shown_in_bangkok_time() -> None:
    assert moment("2026-11-24T18:30:00+00:00", "th") == "25 พ.ย. 2569 01:30 น."
    assert moment(None, "th") == "–"


def test_an_unknown_key_shows_itself() -> None:
    assert say("no.such.key", "th") == "no.such.key"
