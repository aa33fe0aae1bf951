"""Red flags from the words of a story: each raised flag with the words that fired it.

A flag missed may cost a life, so a past sign still fires; only a denial, a question, a fear or
another person's story does not (a rule may still take them: ``even``). Rules are data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from intake.cues import spans_of
from intake.negation import Standing
from intake.rules import Finding, Reading, Rule
from intake.schemas import RaisedFlag
from knowledge_base.codebook import Codebook

_FIRES = (Standing.STATED, Standing.RUMOURED)


def find_red_flags(
    reading: Reading, rules: Iterable[Rule], codebook: Codebook
) -> tuple[RaisedFlag, ...]:
    """The flags raised, in the order of the code book."""
    fired: dict[str, list[Finding]] = defaultdict(list)
    for rule in rules:
        fired[rule.target] += [f for f in reading.findings(rule) if f.standing in _FIRES]
    return tuple(
        RaisedFlag(
            id=flag.id,
            sign_th=flag.sign,
            action_th=flag.action,
            hotlines=flag.hotlines,
            spans=spans_of(fired[flag.id]),
        )
        for flag in codebook.red_flags.values()
        if fired.get(flag.id)
    )
