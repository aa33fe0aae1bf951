"""Synthetic stories: exact spans, the same by seed, valid keys, taken by every part of intake."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.coding import exact
from evals.coding_detail import detailed
from evals.privacy_sets import our_type, read_vignettes
from evals.statistics import NotMeasurable
from evals.stories import stories as read_stories
from evals.synthetic import KIND, stories, story, vignettes
from intake.coding import Coder
from intake.narrative import accept
from intake.privacy import Masker
from knowledge_base.library import load_library

MADE = list(stories(60, seed=7))
BOOK = load_library().codebook


def test_the_same_seed_tells_the_same_stories() -> None:
    assert list(stories(60, seed=7)) == MADE
    assert story(41, seed=7) == MADE[41]
    assert list(stories(60, seed=8)) != MADE
    assert len({s["narrative"] for s in MADE}) > 55


def test_places_of_identifying_words_are_exact() -> None:
    for made in MADE:
        assert made["spans"]
        for span in made["spans"]:
            assert made["narrative"][span["start"] : span["end"]] == span["text"]
            assert our_type(span["type"])


def test_numbers_belong_to_nobody_and_pass_the_check_digit() -> None:
    numbers = [s["text"] for m in MADE for s in m["spans"] if s["type"] == "THAI_ID"]
    assert numbers
    for number in numbers:
        digits = [int(d) for d in number]
        total = sum(d * w for d, w in zip(digits, range(13, 1, -1), strict=False))
        assert number[1:5] == "0000"
        assert digits[12] == (11 - total % 11) % 10
    phones = [s["text"] for m in MADE for s in m["spans"] if s["type"] == "PHONE"]
    assert all("-000-" in phone for phone in phones)


def test_keys_hold_known_codes_and_no_trap_that_is_true() -> None:
    for made in MADE:
        codes = {c["code"] for c in made["key"]["problem_codes"]}
        traps = {c["code"] for c in made["key"]["not_codes"]}
        assert codes
        assert codes | traps <= set(BOOK.codes)
        assert not codes & traps
        assert made["key"]["problem_codes"][0]["role"] == "primary"


def test_stories_vary_and_say_that_they_are_synthetic() -> None:
    assert {m["region"] for m in MADE} == {"central", "isan", "north", "south"}
    assert {m["kind"] for m in MADE} == {KIND}
    assert any(m["key"]["not_codes"] for m in MADE)
    assert all("{" not in m["narrative"] for m in MADE)


def test_intake_takes_every_story_and_keeps_its_promises() -> None:
    coder, masker = Coder(load_library()), Masker()
    for made in MADE[:8]:
        coded = coder.code(accept(made["narrative"]))
        assert all(exact(s, made["narrative"]) for c in coded.codes for s in c.spans)
        assert detailed(made, coded)["id"] == made["id"]
        places = [(e.start, e.end) for e in masker.find(made["narrative"])]
        assert places == sorted(places)
        assert all(0 <= a < b <= len(made["narrative"]) for a, b in places)


def test_a_file_reads_as_vignettes_do(tmp_path: Path) -> None:
    file = tmp_path / "synthetic.yaml"
    file.write_text(vignettes(3, seed=2), encoding="utf-8")
    read = read_stories(file)
    assert [s["id"] for s in read] == [s["id"] for s in stories(3, seed=2)]
    assert [t.id for t in read_vignettes(file)] == [s["id"] for s in read]


def test_less_than_none_is_refused() -> None:
    assert list(stories(0, seed=1)) == []
    with pytest.raises(NotMeasurable):
        list(stories(-1, seed=1))
