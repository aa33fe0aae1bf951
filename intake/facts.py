"""Household facts the words say outright, as proposals with their words.

Two facts follow from the coding itself: danger now and a mental crisis. A fact said with two
different values is left out, for the words do not tell which person or time is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from intake.cues import spans_of
from intake.negation import Standing
from intake.rules import Finding, Reading, Rule
from intake.schemas import FactValue

_NUMBER = re.compile(r"[0-9][0-9,]*")
_DANGER = frozenset({"RF01", "RF03", "RF08", "RF09", "RF12", "RF17", "RF19", "RF21"})
_CRISIS = frozenset({"MEN-01", "MEN-02"})


def find_facts(
    reading: Reading, rules: Iterable[Rule], codes: frozenset[str], flags: frozenset[str]
) -> tuple[FactValue, ...]:
    """The facts proposed, by field name of ``facts.yaml``."""
    said: dict[str, list[tuple[object, Finding]]] = defaultdict(list)
    for rule in rules:
        for finding in reading.findings(rule):
            if finding.standing is Standing.STATED:
                said[rule.target].append((_value(finding), finding))
    facts = [
        FactValue(field=field, value=pairs[0][0], spans=spans_of(f for _, f in pairs))
        for field, pairs in said.items()
        if len({repr(value) for value, _ in pairs}) == 1
    ]
    facts += [FactValue(field="immediate_danger", value=True, spans=())] * bool(flags & _DANGER)
    crisis = bool(codes & _CRISIS) or "RF08" in flags
    facts += [FactValue(field="mental_crisis", value=True, spans=())] * crisis
    return tuple(facts)


def _value(finding: Finding) -> object:
    if finding.rule.value != "number":
        return finding.rule.value
    numbers = _NUMBER.findall(finding.sign.group())
    return int(numbers[-1].replace(",", "")) if numbers else None
