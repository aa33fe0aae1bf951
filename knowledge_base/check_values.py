"""Values of the right form that cannot be: eras, days to come, amounts unlike their words.

Looked for in every file that can be read, so that one broken form hides none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from knowledge_base.check_forms import day
from knowledge_base.findings import DataFile, DataFiles, Finding, Row
from knowledge_base.marked_yaml import LINE, DataFileBroken

DAYS = frozenset({"effective_from", "effective_to", "as_of"})
LOOKED_UP = frozenset({"reviewed_on", "verified_on", "last_confirmed"})
FIRST, LAST = 1850, 2200  # years of the common era
NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")
BRACKETS = re.compile(r"\([^)]*\)")  # what stands in brackets is of another case
WITHIN = re.compile(r"(\d+)(h|d|mo|y)")
Steps = tuple[str | int, ...]


def values(files: DataFiles, today: date) -> Iterator[Finding]:
    """What cannot be, file by file; ``today`` is the last day anything can have been looked up."""
    for file in files.folder():
        try:
            content = file.content
        except DataFileBroken:
            continue
        for steps, key, value in _walk(content):
            yield from _day(file, steps, key, value, today)
        if isinstance(content, Mapping):
            yield from _amounts(file)
            yield from _limits(file)


def _walk(content: Any) -> Iterator[tuple[Steps, str, Any]]:
    waiting: list[tuple[Any, Steps]] = [(content, ())]
    while waiting:
        value, steps = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(v, (*steps, k)) for k, v in value.items() if k != LINE]
        elif isinstance(value, list):
            waiting += [(v, (*steps, n)) for n, v in enumerate(value)]
        elif steps:
            yield steps, str(steps[-1]), value


def _day(file: DataFile, steps: Steps, key: str, value: Any, today: date) -> Iterator[Finding]:
    if key not in DAYS | LOOKED_UP or value is None:
        return
    text = day(value)
    year = text[:4]
    if not year.isdigit() or not FIRST <= int(year) <= LAST:
        yield file.finding("year", f"{key}: {text}", *steps)
    elif key in LOOKED_UP and text > today.isoformat():
        yield file.finding("to_come", f"{key}: {text}", *steps)


def _amounts(file: DataFile) -> Iterator[Finding]:
    for rate in file.rows("rates"):
        value = rate.data.get("value")
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue  # its form is wrong, and said so elsewhere
        if value <= 0:
            yield rate.finding("amount", f"{rate.data.get('key')}: {value}", "value")
        elif float(value) not in _figures(rate.data.get("th")):
            yield rate.finding("amount_words", f"{rate.data.get('key')}: {value}", "value")


def _limits(file: DataFile) -> Iterator[Finding]:
    for row in file.rows("duties"):
        yield from _limit(row, row.data, ("within",), row.data.get("within_th"))
    for entry in file.rows("entries"):
        for n, limit in enumerate(entry.data.get("time_limits") or ()):
            if isinstance(limit, Mapping):
                yield from _limit(entry, limit, ("time_limits", n, "within"), limit.get("th"))


def _limit(row: Row, limit: Mapping[str, Any], steps: Steps, words: object) -> Iterator[Finding]:
    found = WITHIN.fullmatch(str(limit.get("within")))
    if found is None:
        return
    if int(found[1]) == 0:
        yield row.finding("limit", limit["within"], *steps)
        return
    told = _figures(BRACKETS.sub(" ", str(words or "")))
    if told and float(found[1]) not in _figures(words):
        yield row.finding("limit_words", f"{limit['within']}: {words}", *steps)


def _figures(words: object) -> set[float]:
    """The numbers of a text, in Arabic or Thai digits."""
    return {float(number.replace(",", "")) for number in NUMBERS.findall(str(words or ""))}
