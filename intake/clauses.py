"""A story cut into clauses: the reach of a denial, and the measure of nearness for rules.

Thai marks no sentence ends; writers leave a space between clauses, and around numbers and
names. A space beside a digit, a Latin letter or a very short piece therefore does not cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_CUT = re.compile(r"[\n\r]+|[.!?;](?=\s|$)|[\"“”]|\s+(?=\S)|(?<=\S)(?=แต่(?!ง|ละ|ก่อน|แรก))")
_HARD = re.compile(r"[\n\r\"“”;]")
_BESIDE = re.compile(r"[0-9A-Za-z().,/:\-]")
_JOINED = re.compile(r"(?:หรือ|และ|กับ|ชื่อ|อายุ|นาย|นาง|คือ|ที่|ว่า)$")
SHORT = 5


@dataclass(frozen=True)
class Clauses:
    """Start offsets of the clauses of one text, in order, from 0."""

    starts: tuple[int, ...]
    length: int

    def index(self, at: int) -> int:
        """The number of the clause in which an offset stands."""
        return bisect_right(self.starts, at) - 1

    def bounds(self, index: int) -> tuple[int, int]:
        """Start and end offset of a clause."""
        last = index + 1 >= len(self.starts)
        return self.starts[index], self.length if last else self.starts[index + 1]


def clauses(text: str) -> Clauses:
    """The clauses of a text; together they cover it."""
    starts = [0]
    for cut in _CUT.finditer(text):
        at = max(cut.end(), cut.start())
        if starts[-1] < at < len(text) and _cuts(text, cut, starts[-1]):
            starts.append(at)
    return Clauses(tuple(starts), len(text))


def _cuts(text: str, cut: re.Match[str], since: int) -> bool:
    if _HARD.search(cut[0]):
        return True
    if not cut[0] or not cut[0].isspace():
        return cut.start() - since > 0
    before, after = text[cut.start() - 1 : cut.start()], text[cut.end() : cut.end() + 1]
    if _BESIDE.match(before) or _BESIDE.match(after):
        return False
    piece = text[max(since, cut.start() - 8) : cut.start()]
    return cut.start() - since >= SHORT and not _JOINED.search(piece)
