"""Dates as the office reads them: Buddhist years in Thai, Gregorian in English, Bangkok time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from ui.words import say

BANGKOK = timezone(timedelta(hours=7))
BUDDHIST_OFFSET = 543


def day(value: str | None, lang: str) -> str:
    """An ISO date or moment as a day, ``24 Nov 2026`` in English; a dash when absent."""
    if not value:
        return "–"
    moment = _moment(value)
    year = moment.year + BUDDHIST_OFFSET if lang == "th" else moment.year
    return f"{moment.day} {say(f'month.{moment.month}', lang)} {year}"


def moment(value: str | None, lang: str) -> str:
    """An ISO moment with its time in Bangkok."""
    if not value:
        return "–"
    return f"{day(value, lang)} {say('clock', lang, time=_moment(value).strftime('%H:%M'))}"


def _moment(value: str) -> datetime:
    if len(value) == len("2026-11-24"):
        plain = date.fromisoformat(value)
        return datetime(plain.year, plain.month, plain.day, tzinfo=BANGKOK)
    return datetime.fromisoformat(value).astimezone(BANGKOK)
