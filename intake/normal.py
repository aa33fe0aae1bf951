"""The same story in one spelling for matching: every letter still knows where it stands.

Chat spellings, Thai digits, zero-width letters and dialect words would multiply every rule.
They are levelled in a view; spans found in the view are mapped back to the unmodified story.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙\u00a0\u2007\u202f\t", "0123456789    ")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_STRETCHED = re.compile(r"([ก-ฮะ-ูเ-์a-zA-Z])\1{2,}")
_DOUBLED_MARK = re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+")
_SPLIT_AM = re.compile("\u0e4d\u0e32|\u0e40\u0e40")


@dataclass(frozen=True)
class View:
    """Levelled ``text``; letter ``i`` of it came from ``starts[i]:ends[i]`` of the story."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch ``start < end`` of the view stands in the story."""
        return self.starts[start], self.ends[end - 1]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the story stands in the view."""
        return bisect_left(self.starts, start), bisect_right(self.starts, max(start, end - 1))


@cache
def load_spellings(data_dir: Path = DATA) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pairs (pattern, standard word): spoken fillers (nothing), chat spellings, dialect words."""
    spoken = unmarked(read_marked(data_dir / "spoken.yaml"))
    data = unmarked(read_marked(data_dir / "dialect.yaml"))
    rows = [*spoken["fillers"], *data["chat"], *data["dialect"]]
    return tuple((re.compile(row["from"]), row.get("to", "")) for row in rows)


def typed_right(text: str) -> View:
    """The view of a story with only the letters mended that were typed as two others."""
    return _mended(View(text, tuple(range(len(text))), tuple(range(1, len(text) + 1))))


def levelled(text: str, data_dir: Path = DATA) -> View:
    """The view of a story. Source: ``spoken.yaml`` and ``dialect.yaml``."""
    shown = text.translate(_DIGITS)
    view = View(shown, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    view = _replaced(view, _INVISIBLE, "")
    view = _replaced(view, _STRETCHED, None)
    view = _replaced(view, _DOUBLED_MARK, None)
    view = _mended(view)
    for pattern, standard in load_spellings(data_dir):
        view = _replaced(view, pattern, standard)
    return view


def _mended(view: View) -> View:
    return _replaced(view, _SPLIT_AM, {"\u0e4d\u0e32": "\u0e33", "\u0e40\u0e40": "\u0e41"})


def _replaced(view: View, pattern: re.Pattern[str], word: str | dict[str, str] | None) -> View:
    """The view with every match replaced; ``None`` keeps the match's first group."""
    matches = [m for m in pattern.finditer(view.text) if m.end() > m.start()]
    if not matches:
        return view
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in matches:
        new = match[1] if word is None else word[match[0]] if isinstance(word, dict) else word
        text += [view.text[at : match.start()], new]
        starts += view.starts[at : match.start()]
        ends += view.ends[at : match.start()]
        starts += [view.starts[match.start()]] * len(new)
        ends += [view.ends[match.end() - 1]] * len(new)
        at = match.end()
    text.append(view.text[at:])
    return View("".join(text), (*starts, *view.starts[at:]), (*ends, *view.ends[at:]))
