"""Steps that the particulars of a story call for, whatever its codes: a weapon, a newborn, a debt.

Codes say what a case is about; the particulars say what else a worker has to see to. Each row of
``templates/particulars.yaml`` has words and one step; words count only where the story states
them, and the step carries them as its ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from intake.clauses import clauses
from intake.negation import Standing, load_negation
from intake.schemas import Span
from planner.claims import without_instructions
from planner.periods import hours
from planner.wording import read_words

MOST = 10


@cache
def rows() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    """The words and the step of each row, what is due first in front."""
    found = sorted(read_words("particulars")["particulars"], key=lambda r: hours(r["when"]))
    return tuple((re.compile(r["pattern"]), r) for r in found)


def told(
    text: str, domains: frozenset[str], codes: frozenset[str] = frozenset(), *, child: bool
) -> Iterator[tuple[dict[str, Any], Span]]:
    """The rows a story calls for, each with its first words.

    ``domains`` are those of the likely problems, ``codes`` all problems, suspected ones too.
    """
    plain, parts = without_instructions(text), clauses(text)
    for pattern, row in rows():
        if _passes(row, domains, codes, child=child):
            wanted = {Standing(s) for s in row.get("standings", (Standing.STATED,))}
            spans = (m.span() for m in pattern.finditer(text) if m.group() in plain)
            held = (s for s in spans if load_negation().standing(text, parts, *s) in wanted)
            if found := next(held, None):
                start, end = found
                yield row, Span(start=start, end=end, text=text[start:end])


def _passes(
    row: dict[str, Any], domains: frozenset[str], codes: frozenset[str], *, child: bool
) -> bool:
    if row.get("age") == "child" and not child:
        return False
    if codes & frozenset(row.get("except_codes", ())):
        return False
    only = frozenset(row.get("only_domains", domains))
    return bool(only & domains) and not domains & frozenset(row.get("except_domains", ()))
