"""Questions that the story has answered: asking them again tells a family that nobody listened.

Rows of ``templates/answered.yaml`` say by which words a question knows its subject and by which
words, fact or condition a story answers it. Whether it was told that something is or that it is
not makes no difference: both are answers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.claims import without_instructions
from planner.wording import read_words


@cache
def _rows() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(r["asks"]), r) for r in read_words("answered")["answered"])


def subjects(question: str) -> frozenset[str]:
    """What the rows know a question to be about; two of one subject are one question."""
    return frozenset(row["id"] for pattern, row in _rows() if pattern.search(question))


def still_open(brief: Brief, question: str) -> str | None:
    """What is left to ask of a question; None where everything a row knows of it was told."""
    asked = [row for pattern, row in _rows() if pattern.search(question)]
    if not asked or not all(_told(brief, row) for row in asked):
        return question
    cut = next((row for row in asked if "cut" in row), None)
    left = re.sub(cut["cut"], cut["instead"], question) if cut else question
    return left if left != question else None


def _told(brief: Brief, row: dict[str, Any]) -> bool:
    text = without_instructions(brief.narrative.text)
    if "fact" in row:
        return row["fact"] in brief.facts
    if "condition" in row:
        return brief.known[row["condition"]] is not Truth.UNKNOWN
    return not re.search(row["only"], text) if "only" in row else bool(re.search(row["told"], text))
