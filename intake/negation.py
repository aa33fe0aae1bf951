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
    """Words before a sign, after it or both, with their reach in letters."""

    standing: Standing
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    reach: int
    across: bool


class Negation:
    """Judges signs by the cues of ``negation.yaml``, in the order of that file.

    ``inside`` and ``act``: words by which a sign denies within itself.
    """

    def __init__(
        self,
        cues: tuple[Cue, ...],
        breakers: re.Pattern[str],
        inside: re.Pattern[str],
        act: re.Pattern[str],
    ) -> None:
        self._cues = cues
        self._breakers = breakers
        self.inside, self.act = inside, act

    def standing(
        self,
        text: str,
        parts: Clauses,
        start: int,
        end: int,
        but: frozenset[Standing] = frozenset(),
    ) -> Standing:
        """How the sign ``text[start:end]`` stands in its clause, some standings left ``but``."""
        begin, finish = parts.bounds(parts.index(start))
        for cue in (c for c in self._cues if c.standing not in but):
            low, high = (0, len(text)) if cue.across else (begin, max(finish, end))
            if self._precedes(cue, text[low:start]) and self._follows(cue, text[end:high]):
                return cue.standing
        return Standing.STATED

    def _precedes(self, cue: Cue, before: str) -> bool:
        if cue.before is None:
            return True
        window = before[-(cue.reach + 24) :]
        for match in cue.before.finditer(window):
            between = window[match.end() :]
            if len(between) <= cue.reach and not self._broken(cue, between):
                return True
        return False

    def _broken(self, cue: Cue, between: str) -> bool:
        """Whether something between a denial and its sign ends the denial's reach."""
        return "\n" in between if cue.across else bool(self._breakers.search(between))

    def _follows(self, cue: Cue, after: str) -> bool:
        if cue.after is None:
            return True
        match = cue.after.search(after[: cue.reach + 48])
        return match is not None and match.start() <= cue.reach


@cache
def load_negation(data_dir: Path = DATA) -> Negation:
    """The cues of ``negation.yaml``."""
    data = unmarked(read_marked(data_dir / "negation.yaml"))
    cues = tuple(
        Cue(
            Standing(name),
            re.compile(row["before"]) if "before" in row else None,
            re.compile(row["after"]) if "after" in row else None,
            row["reach"],
            bool(row.get("across")),
        )
        for name, rows in data["standings"].items()
        for row in rows
    )
    patterns = (re.compile(data[name]) for name in ("breakers", "inside", "act"))
    return Negation(cues, *patterns)
