"""How soon someone must act: the most urgent of the flags and the codes that count.

A red flag always means within the hour. Without one, a code whose default is the hour is held
to 24 hours, because the flag rules looked for the danger of now and did not find it; a code only
suspected counts one step less, for it has first to be looked into.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.schemas import CodedProblem, RaisedFlag, Role, Urgency
from knowledge_base.codebook import URGENCY_ORDER, Codebook, most_urgent

HOUR = "immediate_1h"


def judge_urgency(
    codes: Sequence[CodedProblem], flags: Sequence[RaisedFlag], codebook: Codebook
) -> Urgency:
    """The level, with the codes or flags that decide it."""
    if flags:
        return _named(HOUR, tuple(f.id for f in flags), codebook)
    levels = {c.code: _level(c, codebook) for c in codes if c.role is not Role.PAST}
    level = most_urgent(levels.values())
    return _named(level, tuple(c for c, found in levels.items() if found == level), codebook)


def _level(coded: CodedProblem, codebook: Codebook) -> str:
    default = codebook.codes[coded.code].urgency_default
    at = URGENCY_ORDER.index(default)
    if coded.role is Role.SUSPECTED:
        return URGENCY_ORDER[min(max(at + 1, 1), len(URGENCY_ORDER) - 1)]
    return URGENCY_ORDER[max(at, 1)]


def _named(level: str, because: tuple[str, ...], codebook: Codebook) -> Urgency:
    words = "; ".join(codebook.label(item) for item in because[:6])
    head = codebook.urgency_levels[level].th
    return Urgency(level=level, reason_th=f"{head}: {words}" if words else head, because=because)
