"""Stretches of a story long enough to say something: whole clauses, about a sentence together.

The classifier of codes reads them one by one. A danger is often told over two of them (who, and
what was done), so red flags are looked for in two and three together as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.clauses import Clauses

ENOUGH = 90  # letters; the exemplars' sentences have 79 on average


@dataclass(frozen=True)
class Window:
    """``text`` stands at ``start`` of the view, with no white space around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Offset after the last letter."""
        return self.start + len(self.text)


def windows(text: str, parts: Clauses) -> tuple[Window, ...]:
    """The windows of a text in order; a line break always ends one."""
    found: list[Window] = []
    since = 0
    for index in range(len(parts.starts)):
        start, end = parts.bounds(index)
        last = index + 1 == len(parts.starts)
        if last or end - since >= ENOUGH or "\n" in text[start:end]:
            found += _window(text, since, end)
            since = end
    return tuple(found)


def joined(text: str, found: Sequence[Window], count: int) -> tuple[Window, ...]:
    """Every so many windows that follow each other, as one; all of them if there are fewer."""
    size = min(count, len(found))
    runs = zip(found, found[size - 1 :], strict=False) if found else ()
    return tuple(Window(a.start, text[a.start : b.end]) for a, b in runs)


def _window(text: str, start: int, end: int) -> list[Window]:
    piece = text[start:end]
    body = piece.strip()
    return [Window(start + piece.index(body), body)] if body else []
