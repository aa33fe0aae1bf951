"""How soon someone must act: the most urgent of the flags and the codes that count.

A red flag always means within the hour. Without one, a code whose default is the hour is held
to 24 hours, unless a rule finds the danger of now (``urgency-rules.yaml``). A code only suspected
counts one step less than its default, for it has first to be looked into: what would mean the hour
is looked into within the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from intake.negation import Standing
from intake.rules import Reading, Rule
from intake.schemas import CodedProblem, RaisedFlag, Role, Urgency
from knowledge_base.codebook import URGENCY_ORDER, Codebook, most_urgent

HOUR = "immediate_1h"
_FIRES = (Standing.STATED, Standing.RUMOURED)
_NOTHING: Mapping[str, tuple[str, str]] = MappingProxyType({})


def raised_levels(reading: Reading, rules: Iterable[Rule]) -> dict[str, tuple[str, str]]:
    """By code: the most urgent level the story's words ask for, with those words."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for rule in rules:
        signs = [f for f in reading.findings(rule) if f.standing in _FIRES]
        found[rule.target] += [(str(rule.value), signs[0].spans[0].text)] if signs else []
    return {
        code: min(levels, key=lambda level: URGENCY_ORDER.index(level[0]))
        for code, levels in found.items()
        if levels
    }


def judge_urgency(
    codes: Sequence[CodedProblem],
    flags: Sequence[RaisedFlag],
    codebook: Codebook,
    raised: Mapping[str, tuple[str, str]] = _NOTHING,
) -> Urgency:
    """The level, with the codes or flags that decide it and the words that raised them.

    A danger still to be confirmed is named as a reason only when no sure one stands beside it.
    Without ``raised`` the code book's defaults stand.
    """
    if flags:
        deciding = [f for f in flags if not f.to_confirm] or flags
        return _named(HOUR, tuple(f.id for f in deciding), codebook, {})
    levels = {c.code: _level(c, codebook, raised) for c in codes if c.role is not Role.PAST}
    level = most_urgent(levels.values())
    because = tuple(c for c, found in levels.items() if found == level)
    return _named(level, because, codebook, raised)


def _level(coded: CodedProblem, codebook: Codebook, raised: Mapping[str, tuple[str, str]]) -> str:
    default = URGENCY_ORDER.index(codebook.codes[coded.code].urgency_default)
    told = raised.get(coded.code)
    asked = URGENCY_ORDER.index(told[0]) if told else len(URGENCY_ORDER) - 1
    if coded.role is Role.SUSPECTED:
        return URGENCY_ORDER[min(min(default, asked) + 1, len(URGENCY_ORDER) - 1)]
    return URGENCY_ORDER[min(max(default, 1), asked)]


def _named(
    level: str,
    because: tuple[str, ...],
    codebook: Codebook,
    raised: Mapping[str, tuple[str, str]],
) -> Urgency:
    words = "; ".join(_reason(item, level, codebook, raised) for item in because[:6])
    head = codebook.urgency_levels[level].th
    return Urgency(level=level, reason_th=f"{head}: {words}" if words else head, because=because)


def _reason(
    item: str, level: str, codebook: Codebook, raised: Mapping[str, tuple[str, str]]
) -> str:
    label = codebook.label(item)
    told = raised.get(item)
    return f"{label} «{told[1]}»" if told and told[0] == level else label
