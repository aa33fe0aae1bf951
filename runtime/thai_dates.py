"""Dates as people in Thailand read them: Buddhist year, Bangkok time, Thai digits on request.

Stored dates stay ISO and UTC; only what is shown passes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources

import yaml

from runtime.clock import BANGKOK

ERA = 543
THAI_DIGITS = "".join(chr(0x0E50 + n) for n in range(10))
_TO_THAI = str.maketrans("0123456789", THAI_DIGITS)
_TO_ARABIC = str.maketrans(THAI_DIGITS, "0123456789")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How one language writes dates; the file is ``runtime/calendar.yaml``."""

    months: tuple[str, ...]
    months_short: tuple[str, ...]
    date: str
    time: str
    datetime: str


@cache
def calendar(lang: str) -> Calendar:
    """The calendar of ``th`` or ``en``; any other language gets Thai."""
    text = resources.files("runtime").joinpath("calendar.yaml").read_text(encoding="utf-8")
    all_words = yaml.safe_load(text)
    words = all_words.get(lang, all_words["th"])
    return Calendar(
        months=tuple(words["months"]),
        months_short=tuple(words["months_short"]),
        date=words["date"],
        time=words["time"],
        datetime=words["datetime"],
    )


def buddhist_year(day: date) -> int:
    """The year of the Buddhist era: 2026 is 2569."""
    return day.year + ERA


def show_date(day: date, lang: str = "th", *, short: bool = False, digits: bool = False) -> str:
    """``day`` in words; ``digits`` writes Thai digits. A datetime is shown by its Bangkok day."""
    if isinstance(day, datetime):
        day = _bangkok(day).date()
    words = calendar(lang)
    months = words.months_short if short else words.months
    text = words.date.format(day=day.day, month=months[day.month - 1], year=buddhist_year(day))
    return thai_digits(text) if digits else text


def show_datetime(
    moment: datetime, lang: str = "th", *, short: bool = False, digits: bool = False
) -> str:
    """``moment`` (aware) in Bangkok time; raises `ValueError` for a naive one."""
    local = _bangkok(moment)
    words = calendar(lang)
    text = words.datetime.format(
        date=show_date(local.date(), lang, short=short),
        time=words.time.format(hour=local.hour, minute=local.minute),
    )
    return thai_digits(text) if digits else text


def thai_digits(text: str) -> str:
    """The same text with Thai digits."""
    return text.translate(_TO_THAI)


def arabic_digits(text: str) -> str:
    """The same text with Arabic digits; its length never changes, so offsets still hold."""
    return text.translate(_TO_ARABIC)


def _bangkok(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a shown moment must carry its time zone")
    return moment.astimezone(BANGKOK)
