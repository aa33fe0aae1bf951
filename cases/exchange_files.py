"""Files of neighbouring systems: rows out of CSV or JSON, dates as people write them, and back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import orjson

from cases.exchange_errors import DateUnreadable, ExchangeTooLarge, ExchangeUnreadable
from runtime.clock import BANGKOK
from runtime.file_kinds import MEGABYTE, FileTooLarge
from runtime.table_cells import csv_of, told
from runtime.thai_dates import ERA, arabic_digits, calendar

Row = dict[str, str]
Form = Literal["csv", "json"]
MOST_ROWS = 1000
BUDDHIST_FROM = 2400
DELIMITERS = ",;\t"
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D+(\d{1,2})[:.](\d{2}))?\D*")
_WORDS = re.compile(r"(\d{1,2})\s*(\D+?)\s*(\d{4})(?:\D+(\d{1,2})[:.](\d{2}))?\D*")


def rows_of(content: bytes, limit_mb: float) -> list[Row]:
    """The rows of a file, every value a text.

    Raises `ExchangeUnreadable`, `FileTooLarge` or, for its rows, `ExchangeTooLarge`.
    """
    if len(content) > limit_mb * MEGABYTE:
        raise FileTooLarge(limit=f"{limit_mb:g}")
    text = _text(content)
    rows = _json(text) if text.lstrip()[:1] in ("{", "[") else _csv(text)
    if len(rows) > MOST_ROWS:
        raise ExchangeTooLarge(rows=MOST_ROWS)
    if not rows:
        raise ExchangeUnreadable
    return rows


def file_of(rows: Sequence[Mapping[str, str]], form: Form) -> bytes:
    """Rows as a file that `rows_of` reads back to the same rows."""
    if form == "json":
        return orjson.dumps(list(rows), option=orjson.OPT_INDENT_2)
    columns = list(rows[0])
    return csv_of(columns, [[row[column] for column in columns] for row in rows])


def moment_of(written: str, column: str) -> datetime:
    """A moment as ISO, as day/month/year or with a Thai month; a year after 2400 is Buddhist.

    Raises `DateUnreadable`.
    """
    words = arabic_digits(written.strip())
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        found = _written(words, column)
    try:
        if found.year > BUDDHIST_FROM:
            found = found.replace(year=found.year - ERA)
    except ValueError as error:
        raise DateUnreadable(column=column) from error
    return found if found.tzinfo else found.replace(tzinfo=BANGKOK)


def _written(words: str, column: str) -> datetime:
    match = _NUMBERS.fullmatch(words) or _WORDS.fullmatch(words)
    if match is None:
        raise DateUnreadable(column=column)
    day, month, year, hour, minute = match.groups()
    number = int(month) if month.isdigit() else _month(month, column)
    shown = int(year) - (ERA if int(year) > BUDDHIST_FROM else 0)
    try:
        return datetime(shown, number, int(day), int(hour or 0), int(minute or 0), tzinfo=BANGKOK)
    except ValueError as error:
        raise DateUnreadable(column=column) from error


def _month(name: str, column: str) -> int:
    words = calendar("th")
    for names in (words.months, words.months_short):
        if name in names:
            return names.index(name) + 1
    raise DateUnreadable(column=column)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp874"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ExchangeUnreadable


def _json(text: str) -> list[Row]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ExchangeUnreadable from error
    rows = found.get("items") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ExchangeUnreadable
    return [{str(k): _plain(v) for k, v in row.items()} for row in rows]


def _csv(text: str) -> list[Row]:
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ExchangeUnreadable from error
    return [{(k or "").strip(): _plain(v) for k, v in row.items() if k} for row in rows]


def _plain(value: object) -> str:
    return "" if value is None else told(str(value).strip().replace("\0", ""))
