"""Dates as shown: Buddhist year, Bangkok day, Thai digits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.actor import Actor
from runtime.clock import BANGKOK, now, today
from runtime.thai_dates import (
    arabic_digits,
    buddhist_year,
    calendar,
    show_date,
    show_datetime,
    thai_digits,
)

DAY = date(2026, 3, 5)


def test_now_is_aware_utc() -> None:
    assert now().tzinfo is UTC
    assert today() == now().astimezone(BANGKOK).date()


def test_actor_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Actor("u", "a", "r").role = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (show_date(DAY), "5 มีนาคม 2569"),
        (show_date(DAY, short=True), "5 มี.ค. 2569"),
        (show_date(DAY, digits=True), "๕ มีนาคม ๒๕๖๙"),
        (show_date(DAY, "en"), "5 March 2569 BE"),
        (show_date(DAY, "en", short=True), "5 Mar 2569 BE"),
        (show_date(DAY, "fr"), "5 มีนาคม 2569"),
    ],
)
def test_dates(shown: str, expected: str) -> None:
    assert shown == expected


def test_moment_is_shown_in_bangkok() -> None:
    moment = datetime(2025, 12, 31, 18, 5, tzinfo=UTC)
    assert show_datetime(moment) == "1 มกราคม 2569 เวลา 01.05 น."
    assert show_datetime(moment, "en", short=True) == "1 Jan 2569 BE, 01:05"
    assert show_datetime(moment, digits=True) == "๑ มกราคม ๒๕๖๙ เวลา ๐๑.๐๕ น."
    assert show_date(moment) == "1 มกราคม 2569"


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        show_datetime(datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.dates(min_value=date(1800, 1, 1)))
def test_every_day_has_words(day: date) -> None:
    for lang in ("th", "en"):
        shown = show_date(day, lang)
        assert str(buddhist_year(day)) in shown
        assert calendar(lang).months[day.month - 1] in shown


@given(st.text())
def test_digits_keep_length_and_return(text: str) -> None:
    assert len(thai_digits(text)) == len(text)
    assert arabic_digits(thai_digits(text)) == arabic_digits(text)
