"""Values of facts are told in words, wherever people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge_base.facts import (
    FactBuddhistYear,
    FactIllTyped,
    FactOutOfRange,
    checked,
    usable,
)
from knowledge_base.library import load_library

FACTS = load_library().facts
AS_OF = date(2026, 11, 26)
chosen = [(f.field, c.value) for f in FACTS.values() for c in f.choices]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_chosen_value_is_told_in_words(lang: str) -> None:
    assert [pair for pair in chosen if not FACTS[pair[0]].told(pair[1], lang)] == []


def test_several_values_are_told_together_and_what_is_not_chosen_stays() -> None:
    tenure = FACTS["housing_tenure"]
    one, other = tenure.choices[:2]
    assert tenure.told([one.value, other.value], "th") == f"{one.th}, {other.th}"
    assert tenure.told("rent or so", "th") is None
    assert FACTS["household_size"].told(3, "th") is None
    assert tenure.told([], "en") is None


@pytest.mark.parametrize(
    ("field", "value", "refused"),
    [
        ("birth_date", "2500-01-01", FactBuddhistYear),
        ("birth_date", 2500, FactBuddhistYear),
        ("child_birth_date", "2567-05-01", FactBuddhistYear),
        ("birth_date", "2030-01-01", FactOutOfRange),
        ("birth_date", "1702-01-01", FactOutOfRange),
        ("birth_date", 1957.5, FactIllTyped),
        ("age_years", -4, FactOutOfRange),
        ("age_years", 131, FactOutOfRange),
        ("household_income_month", -1, FactOutOfRange),
        ("attendance_pct", 101, FactOutOfRange),
        ("disability_types", ["blah"], FactIllTyped),
        ("disability_types", "visual", FactIllTyped),
        ("severe_psychiatric_or_communicable", ["psychiatric", "x"], FactIllTyped),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: Any, refused: type[FactIllTyped]) -> None:
    with pytest.raises(FactIllTyped) as told:
        checked(FACTS, {field: value}, AS_OF)
    assert type(told.value) is refused
    assert usable(FACTS, {field: value, "household_size": 3}, AS_OF) == {"household_size": 3}


@pytest.mark.parametrize(
    ("field", "value"),
    [("birth_date", "1957-01-01"), ("birth_date", 1957), ("age_years", 0), ("household_size", 12)],
)
def test_what_can_be_is_taken(field: str, value: Any) -> None:
    assert checked(FACTS, {field: value}, AS_OF)[field] == value


@pytest.mark.parametrize("said", [["unknown"], ["UNKNOWN"], ["not_screened"], ["unknown", ""]])
def test_a_list_of_unknowns_is_a_blank(said: list[str]) -> None:
    taken = checked(FACTS, {"severe_psychiatric_or_communicable": said}, AS_OF)
    assert taken["severe_psychiatric_or_communicable"] is None
    some = checked(FACTS, {"severe_psychiatric_or_communicable": [*said, "none"]}, AS_OF)
    assert some["severe_psychiatric_or_communicable"] == []
