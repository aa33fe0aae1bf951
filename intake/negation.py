"""What the words around a sign make of it: denied, asked, feared, rumoured, past, another's.

The most common way to code a story wrongly is to read "nobody hits the child" as hitting. The
cues are data (``negation.yaml``); their reach ends at the clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from intake.clauses import Clauses
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked


class Standing(StrEnum):
    """How a sign stands in its clause; only ``stated`` counts fully."""

    STATED = "stated"
    NEGATED = "negated"
    ASKED = "asked"
    FEARED = "feared"
    RUMOURED = "rumoured"
    PAST = "past"
    OTHER = "other"


@dataclass(frozen=True)
class Cue:
    """Words that change a sign's standing, with their reach in letters."""

    standing: Standing
    pattern: re.Pattern[str]
    reach: int
    follows: bool
    across: bool


class Negation:
    """Judges signs by the cues of ``negation.yaml``, in the order of that file."""

    def __init__(self, cues: tuple[Cue, ...], breakers: re.Pattern[str]) -> None:
        self._cues = cues
        self._breakers = breakers

    def standing(self, text: str, parts: Clauses, start: int, end: int) -> Standing:
        """How the sign ``text[start:end]`` stands in its clause."""
        begin, finish = parts.bounds(parts.index(start))
        for cue in self._cues:
            applies = self._follows if cue.follows else self._precedes
            if applies(cue, text, (begin, start, end, max(finish, end))):
                return cue.standing
        return Standing.STATED

    def _precedes(self, cue: Cue, text: str, at: tuple[int, int, int, int]) -> bool:
        begin, start, _, _ = at
        window = text[max(begin, start - cue.reach - 24) : start]
        for match in cue.pattern.finditer(window):
            between = window[match.end() :]
            if len(between) <= cue.reach and not self._breakers.search(between):
                return True
        return False

    def _follows(self, cue: Cue, text: str, at: tuple[int, int, int, int]) -> bool:
        _, _, end, finish = at
        stop = end + cue.reach + 48
        window = text[end : stop if cue.across else min(finish, stop)]
        match = cue.pattern.search(window)
        return match is not None and match.start() <= cue.reach


@cache
def load_negation(data_dir: Path = DATA) -> Negation:
    """The cues of ``negation.yaml``."""
    data = unmarked(read_marked(data_dir / "negation.yaml"))
    cues = tuple(
        Cue(
            Standing(name),
            re.compile(row.get("before") or row["after"]),
            row["reach"],
            "after" in row,
            bool(row.get("across")),
        )
        for name, rows in data["standings"].items()
        for row in rows
    )
    return Negation(cues, re.compile(data["breakers"]))
