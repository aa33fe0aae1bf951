"""Words of the narrative that tell a wish, a fear or a strength, found by reviewed patterns.

A cue is only ever quoted; the one thing it decides is a condition of the library (such as
"does not want the police now"), which a person sees beside the words and can change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from intake.schemas import Span
from planner.wording import read_words

MOST = {"wish": 4, "strength": 4}


@dataclass(frozen=True)
class Cue:
    """One place of the narrative that a pattern finds."""

    kind: str
    span: Span
    condition: str | None = None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str | None], ...]:
    rows = read_words("cues")["cues"]
    return tuple((r["kind"], re.compile(r["pattern"]), r.get("condition")) for r in rows)


def find_cues(text: str) -> tuple[Cue, ...]:
    """The cues of a narrative in reading order, at most a few of each kind, none overlapping."""
    found: list[Cue] = []
    for kind, pattern, condition in _patterns():
        for match in pattern.finditer(text):
            span = Span(start=match.start(), end=match.end(), text=match.group())
            if not any(c.span.start < span.end and span.start < c.span.end for c in found):
                found.append(Cue(kind, span, condition))
    kept = [c for kind, most in MOST.items() for c in _first(found, kind, most)]
    return tuple(sorted(kept, key=lambda c: c.span.start))


def _first(cues: list[Cue], kind: str, most: int) -> list[Cue]:
    own = [c for c in cues if c.kind == kind]
    decisive = sorted(own, key=lambda c: (c.condition is None, c.span.start))
    return decisive[:most]
