"""Spans of time as the library writes them: ``48h``, ``7d``, ``3mo``, ``1y``."""

from __future__ import annotations

import re
from datetime import datetime

from dateutil.relativedelta import relativedelta

_FORM = re.compile(r"(\d+)(h|d|mo|y)")
_HOURS = {"h": 1, "d": 24, "mo": 24 * 30, "y": 24 * 365}
HORIZON = {"immediate": "72h", "short": "30d", "medium": "6mo", "long": "1y"}


def after(start: datetime, within: str) -> datetime:
    """``start`` plus the period; months and years by the calendar."""
    count, unit = _parts(within)
    names = {"h": "hours", "d": "days", "mo": "months", "y": "years"}
    return start + relativedelta(**{names[unit]: count})  # type: ignore[arg-type]


def hours(within: str) -> int:
    """The period in hours, for ordering only."""
    count, unit = _parts(within)
    return count * _HOURS[unit]


def _parts(within: str) -> tuple[int, str]:
    match = _FORM.fullmatch(within)
    if not match:
        raise ValueError(within)
    return int(match.group(1)), match.group(2)
