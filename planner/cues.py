"""Words of the narrative that tell a wish, a fear or a strength, found by reviewed patterns.

A cue is only ever quoted; the one thing it decides is a condition of the library (such as
"does not want the police now"), which a person sees beside the words and can change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from intake.clauses import Clauses, clauses
from intake.negation import Standing, load_negation
from intake.schemas import Span
from planner.claims import without_instructions
from planner.wording import read_words

MOST = {"wish": 4, "strength": 6}
EACH = 2  # of every other kind
SIGN, STRENGTH = "sign", "strength"
BEFORE = 16  # letters before a strength that may turn it or give it to somebody else
STATED = (SIGN, "hurt", "property")  # count only where the words state them


@dataclass(frozen=True)
class Cue:
    """One place of the narrative that a pattern finds."""

    kind: str
    span: Span
    condition: str | None = None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(r["pattern"]), r) for r in read_words("cues")["cues"])


def find_cues(text: str) -> tuple[Cue, ...]:
    """The cues of a narrative in reading order, at most a few of each kind.

    Cues of one kind never overlap. Those of `STATED` count only where the words state them: not
    denied, asked, feared, past or somebody else's.
    """
    told = without_instructions(text)
    found: dict[str, list[Cue]] = {}
    parts = clauses(text)
    for pattern, row in _patterns():
        kind, condition = row["kind"], row.get("condition")
        for match in pattern.finditer(text):
            span = Span(start=match.start(), end=match.end(), text=match.group())
            if match.group() not in told:
                continue
            own = found.setdefault(kind, [])
            if not any(
                c.span.start < span.end and span.start < c.span.end for c in own
            ) and _counts(text, parts, span, row):
                own.append(Cue(kind, span, condition))
    kept = [c for kind, own in found.items() for c in _first(own, kind)]
    return tuple(sorted(kept, key=lambda c: c.span.start))


def _counts(text: str, parts: Clauses, span: Span, row: dict[str, Any]) -> bool:
    """Whether words are told in the way their kind asks for."""
    if row["kind"] == STRENGTH:
        return row.get("plain", False) or _is_own(text, parts, span, row)
    return row["kind"] not in STATED or _is_stated(text, parts, span)


def _is_own(text: str, parts: Clauses, span: Span, row: dict[str, Any]) -> bool:
    """Whether a strength is neither denied, asked for, feared nor somebody else's."""
    before = text[max(0, span.start - BEFORE) : span.start]
    words = read_words("cues")
    if re.search(words["turned"], before) or (
        row.get("own") and re.search(words["not_own"], before)
    ):
        return False
    standing = load_negation().standing(text, parts, span.start, span.end)
    return standing in (Standing.STATED, Standing.PAST)


def _is_stated(text: str, parts: Clauses, span: Span) -> bool:
    return load_negation().standing(text, parts, span.start, span.end) is Standing.STATED


def _first(own: list[Cue], kind: str) -> list[Cue]:
    if kind == SIGN:
        return own
    decisive = sorted(own, key=lambda c: (c.condition is None, c.span.start))
    return decisive[: MOST.get(kind, EACH)]
