"""The one source of "now", always aware, and the time zone people here live in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Thailand."""
    return now().astimezone(BANGKOK).date()
