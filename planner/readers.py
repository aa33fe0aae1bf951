"""What the plan tells its workers, said to the person it is about; what cannot be said is left out.

``templates/for-client.yaml`` and ``safety-page.yaml`` have the wording. A line that speaks of the
reader as somebody else, or of searching, reporting and arrest, never reaches the reader's sheet
without a wording of its own, and nothing is printed that whoever hurts the reader must not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from planner.claims import content_words, quotes
from planner.schemas import Action, Draft, Ink
from planner.wording import pattern, read_words, tidy

OTHERS = 16  # letters before a wish that show whose it is
QUOTES = '"“”'
PLAN = ("open", "ask", "scheduled")


@cache
def _compiled(
    file: str, part: str, field: str
) -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(r[field]), r) for r in read_words(file)[part])


def wishes(draft: Draft) -> tuple[str, ...]:
    """What somebody asked for, in the words of the story, without what others want."""
    words = read_words("for-client")
    told = [s for s in draft.assessment.facts + draft.assessment.strengths if s.ink is Ink.SAID]
    found = []
    for quote in (q for s in told for q in quotes(s.text)):
        for match in re.finditer(words["wish"], quote):
            before = quote[max(0, match.start() - OTHERS) : match.start()]
            if not re.search(words["wish.others"], before):
                found.append(match.group().strip(QUOTES))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Line:
    """A sentence to the reader; one that stands ``alone`` names no helper and no day."""

    text: str
    alone: bool = False


def told(action: Action) -> Line | None:
    """An action as it is said to the reader; None where it is not for the reader's eyes."""
    text = action.sentence.text
    for says, row in _compiled("for-client", "says", "says"):
        if says.search(text):
            return Line(row["tell"], row.get("alone", False))
    return Line(text) if is_for_reader(text) else None


def is_for_reader(text: str) -> bool:
    """Whether a text speaks neither of the reader as somebody else nor of the staff's own work.

    Nor of what must not be read by whoever hurts the reader.
    """
    rows = read_words("for-client")
    kept_in = (rows["staff"], rows["paper"])
    return not pattern("sheet.inside").search(text) and not any(re.search(k, text) for k in kept_in)


def helper(responsible: Iterable[str]) -> str | None:
    """The first of the roles that a paper at home may name; None where none may."""
    unnamed = read_words("for-client")["unnamed"].split()
    return next((r for r in responsible if r not in unnamed), None)


def ordered(actions: Iterable[Action], wished: Iterable[str]) -> list[Action]:
    """What was asked for first, then what is open, by due date; the rest is not for a sheet."""
    words = {w for wish in wished for w in content_words(wish)} - _common()
    asked = {a.id for a in actions if words & content_words(a.sentence.text)}
    kept = [a for a in actions if a.id in asked or a.state == "open"]
    return sorted(
        kept, key=lambda a: (a.id not in asked, PLAN.index(a.state), a.due is None, a.due)
    )


@cache
def _common() -> frozenset[str]:
    return frozenset(read_words("for-client")["common"].split())


def safety_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a safety plan as sentences to the reader, none against one before it."""
    kept: list[str] = []
    for line in lines:
        if not any(_against(line, other) for other in kept):
            kept.append(line)
            yield _sentence(line)


def _against(line: str, other: str) -> bool:
    pairs = read_words("safety-page")["against"]
    return any(
        (re.search(a, line) and re.search(b, other)) or (re.search(b, line) and re.search(a, other))
        for a, b in pairs
    )


def _sentence(line: str) -> str:
    row = _safety_row(line)
    if row is None:
        return line
    if "tell" in row:
        return str(row["tell"])
    return tidy(f"{row['before']}{line}{' ' if row['after'] else ''}{row['after']}")


def _safety_row(line: str) -> dict[str, Any] | None:
    rows = _compiled("safety-page", "safety", "starts")
    return next((row for starts, row in rows if starts.match(line)), None)


def is_spoken(line: str) -> bool:
    """Whether a line of a safety plan is said and remembered, never printed."""
    if "tell" in (_safety_row(line) or {}):
        return False
    return re.search(read_words("safety-page")["spoken"], line) is not None


def may_stand(text: str, part: str) -> bool:
    """Whether a text may be printed in a part of the sheet (``paper.<part>`` has what may not)."""
    return re.search(read_words("for-client")[f"paper.{part}"], text) is None


def is_plain_speech(text: str) -> bool:
    """Whether a text has none of the offices' own words."""
    return re.search(read_words("for-client")["jargon"], text) is None
