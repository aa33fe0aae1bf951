"""Dates as the office reads them: Buddhist years in Thai, Gregorian in English, Bangkok time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from ui import numerals
from ui.words import say

BANGKOK = timezone(timedelta(hours=7))
BUDDHIST_OFFSET = 543
DAYS_FROM_H = 72


def day(value: str | None, lang: str) -> str:
    """An ISO date or moment as a day, ``24 Nov 2026`` in English; a dash when absent."""
    if not value:
        return "–"
    moment = _moment(value)
    year = moment.year + BUDDHIST_OFFSET if lang == "th" else moment.year
    return _digits(f"{moment.day} {say(f'month.{moment.month}', lang)} {year}", lang)


def moment(value: str | None, lang: str) -> str:
    """An ISO moment with its time in Bangkok."""
    if not value:
        return "–"
    clock = say("clock", lang, time=_moment(value).strftime("%H:%M"))
    return _digits(f"{day(value, lang)} {clock}", lang)


def today() -> date:
    """The day it is in Bangkok."""
    return datetime.now(BANGKOK).date()


def month(value: str, lang: str) -> str:
    """``2026-11`` as a month with its year."""
    year, number = value.split("-")
    era = int(year) + BUDDHIST_OFFSET if lang == "th" else int(year)
    return _digits(f"{say(f'month.{int(number)}', lang)} {era}", lang)


def _digits(words: str, lang: str) -> str:
    return numerals.thai(words) if numerals.chosen(lang) else words


def _moment(value: str) -> datetime:
    if len(value) == len("2026-11-24"):
        plain = date.fromisoformat(value)
        return datetime(plain.year, plain.month, plain.day, tzinfo=BANGKOK)
    return datetime.fromisoformat(value).astimezone(BANGKOK)


def hours_left(value: str) -> int:
    """Whole hours until an ISO moment, negative when it is past."""
    left = _moment(value) - datetime.now(tz=BANGKOK)
    return int(left.total_seconds() // 3600)


def left(hours: int, lang: str) -> str:
    """How long there is left, or how late it is, in whole hours and days."""
    key = "today.late" if hours < 0 else "today.left" if hours else "today.left_less"
    if abs(hours) >= DAYS_FROM_H:
        return say(f"{key}_days", lang, days=abs(hours) // 24)
    return say(key, lang, hours=abs(hours))
