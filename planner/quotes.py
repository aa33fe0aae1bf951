"""Widens words of a story to the phrase around them, so that a quote can be understood.

Thai leaves a space between phrases, but also around numbers and names and behind "per" or "at": a
quote that stopped there would lose the sum or the year that it is about.
"""

from __future__ import annotations

import re

from intake.schemas import Span
from planner.wording import pattern

SHORT, LONG = 24, 160
REACH = 12  # letters before a space that show whether the phrase goes on
QUOTES = "\"“”'"
_BREAKS, _BLANKS = "\n\r\t", " \n\r\t"
_COUNTED = re.compile(r"[0-9๐-๙]")
_GOES_ON = re.compile(r"[0-9๐-๙A-Za-z]")


def around(text: str, span: Span) -> Span:
    """The phrase around a span: at least `SHORT` letters where there are, at most `LONG`."""
    start, end = _bounds(text, span.start, span.end)
    while end - start < SHORT and end < len(text) and text[end] == " ":
        _, wider = _bounds(text, end + 1, end + 1)
        if wider - start > LONG:
            break
        end = wider
    if end - start > LONG:
        start, end = _words(text, span)
    return _trimmed(text, span, start, end)


def _trimmed(text: str, span: Span, start: int, end: int) -> Span:
    """Without quotation marks at the ends and words that lead to what is no longer quoted."""
    while start < span.start and text[start] in QUOTES:
        start += 1
    while end > span.end and text[end - 1] in QUOTES:
        end -= 1
    hanging = pattern("quote.hanging").search(text, start, end)
    if hanging and hanging.start() >= span.end:
        end = hanging.start()
    return Span(start=start, end=end, text=text[start:end])


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """From the space that parts two phrases before a span to the one behind it."""
    while start > 0 and not _parts(text, start - 1):
        start -= 1
    while end < len(text) and not _parts(text, end):
        end += 1
    return start, end


def _words(text: str, span: Span) -> tuple[int, int]:
    """From blank to blank, where the whole phrase is too long; the bare words if that is too."""
    start, end = span.start, span.end
    while start > 0 and text[start - 1] not in _BLANKS:
        start -= 1
    while end < len(text) and text[end] not in _BLANKS:
        end += 1
    return (start, end) if end - start <= LONG else (span.start, span.end)


def _parts(text: str, at: int) -> bool:
    """Whether the letter at an offset is a blank between two phrases."""
    if text[at] in _BREAKS:
        return True
    if text[at] != " ":
        return False
    before, behind = text[max(0, at - REACH) : at], text[at + 1 : at + 1 + REACH]
    if _GOES_ON.match(behind):
        return False
    if _COUNTED.search(before[-1:]):
        return not pattern("quote.unit").match(behind)
    return not pattern("quote.goes_on").search(before)
