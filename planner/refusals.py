"""What somebody in the story does not want: the steps it speaks of are asked about, not begun.

A refusal is words of the story (``templates/refusals.yaml``), never a reason to leave a step out:
the step stays in the plan with the words and a question. What must happen within the hour to keep
somebody alive does not wait for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from intake.schemas import Span
from planner.claims import without_instructions
from planner.wording import read_words, tidy


@dataclass(frozen=True)
class Refusal:
    """Words that refuse something, and the actions that propose it."""

    span: Span
    action: re.Pattern[str]


@cache
def _rows() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    rows = read_words("refusals")["refused"]
    return tuple((re.compile(r["told"]), re.compile(r["action"])) for r in rows)


def find_refusals(text: str) -> tuple[Refusal, ...]:
    """The first words of each kind of refusal in a narrative; orders to the machine are none."""
    told = without_instructions(text)
    found = []
    for pattern, action in _rows():
        match = next((m for m in pattern.finditer(text) if m.group() in told), None)
        if match:
            span = Span(start=match.start(), end=match.end(), text=match.group())
            found.append(Refusal(span, action))
    return tuple(found)


def question(refusal: Refusal) -> str:
    """What to ask before a step that was refused."""
    return tidy(read_words("refusals")["ask"].format(quote=refusal.span.text))
