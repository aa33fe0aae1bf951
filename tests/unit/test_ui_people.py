"""What the people's part of a case works out before anything is drawn."""

from __future__ import annotations

from datetime import date

import pytest

from intake.people import PersonRole
from ui import fact_fields, family_ties, people_marks, person_fields, person_parts
from ui.words import catalogue

EVIL = "<b>x</b>"
STORY = "แม่ถูกพ่อตี"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12/5/2530", "1987-05-12"),
        (" 1-12-1987 ", "1987-12-01"),
        ("2530", "1987"),
        ("1987", "1987"),
        ("๑๒/๕/๒๕๓๐", "1987-05-12"),
        ("เมื่อวาน", "เมื่อวาน"),
        ("", ""),
    ],
)
def test_a_birth_is_taken_as_it_is_written(typed: str, kept: str) -> None:
    assert person_fields.birth_typed(typed) == kept


@pytest.mark.parametrize(
    ("kept", "lang", "told"),
    [
        ("1987-05-12", "th", "12/05/2530"),
        ("1987-05-12", "en", "12/05/1987"),
        ("1987", "th", "2530"),
        ("", "th", ""),
    ],
)
def test_a_birth_is_told_in_the_readers_era(kept: str, lang: str, told: str) -> None:
    assert person_fields.birth_told(kept, lang) == told


def test_an_untouched_birth_is_no_change() -> None:
    """A kept day goes into its field and comes back another text for the same day."""
    known = person_fields.BLANK | {"birth": "1987-05-12", "phones": ("08",), "given_name": "มะลิ"}
    shown = person_fields.birth_told(known["birth"], "th")
    typed = known | {"birth": person_fields.birth_typed(shown), "phones": ["08"]}
    assert person_fields.changes(known, typed) == {}
    assert person_fields.changes(known, typed | {"given_name": "มาลี"}) == {"given_name": "มาลี"}


def test_an_age_is_told_or_follows_from_a_whole_day() -> None:
    day = date(2026, 11, 26)
    assert person_fields.age({"age_years": 25}, day) == 25
    assert person_fields.age({"birth": "2000-11-27"}, day) == 25
    assert person_fields.age({"birth": "2000-11-26"}, day) == 26
    assert person_fields.age({"birth": "2000"}, day) is None
    assert person_fields.age({}, day) is None


def test_what_was_written_with_commas_is_each_once() -> None:
    assert person_fields.listed(" นุช, ,น้อง , นุช") == ["นุช", "น้อง"]


def test_words_of_a_story_are_quoted_once_and_only_where_they_are() -> None:
    assert people_marks.quoted(STORY, [(0, 3), (0, 3), (6, 9), (5, 2), (90, 99)]) == ["แม่", "พ่อ"]
    assert people_marks.quoted(None, [(0, 3)]) == []


def test_nothing_of_a_person_is_markup() -> None:
    told = people_marks.both([(EVIL, EVIL, EVIL)], "th")
    told += people_marks.line("", [EVIL], EVIL)
    assert EVIL not in told
    assert told.count("&lt;b&gt;") == 5


def test_a_proposal_is_told_from_what_somebody_confirmed() -> None:
    part = {"role": "client", "standing": "proposed"}
    assert "inferred" in people_marks.part_chip(part, "en")
    assert "proposed" in people_marks.part_chip(part, "en")
    assert "proposed" not in people_marks.part_chip(part | {"standing": "confirmed"}, "en")


def test_every_part_has_its_words() -> None:
    assert set(person_parts.PARTS) == {role.value for role in PersonRole}
    assert {f"part.{p}" for p in person_parts.PARTS} <= catalogue("th").keys()


@pytest.mark.parametrize("lang", ["th", "en"])
def test_no_kinship_is_offered_twice(lang: str) -> None:
    offered = family_ties.kinships(lang)
    assert len(set(offered.values())) == len(offered)
    assert {"mother", "father", "grandchild"} <= offered.keys()


def test_a_fact_without_a_widget_is_not_asked() -> None:
    facts = [
        {"field": "a", "type": "bool", "choices": []},
        {"field": "b", "type": "map", "choices": []},
        {"field": "c", "type": "multi", "choices": []},
        {"field": "d", "type": "enum", "choices": [{"value": "x"}]},
    ]
    assert set(fact_fields.askable(facts)) == {"a", "d"}
