"""Red flags from the words of a story: each raised flag with the words that fired it.

What is stated or rumoured fires. A denial, a question, a fear, what is past and another person's
story do not, unless a rule takes them too (``even``). Rules are data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from intake.cues import spans_of
from intake.negation import Standing
from intake.rules import Finding, Reading, Rule
from intake.schemas import RaisedFlag, Span
from knowledge_base.codebook import Codebook

UNREADABLE = "\u25a1"  # no letter, no space and no mark: it neither matches nor ends a clause
_FIRES = (Standing.STATED, Standing.RUMOURED)


def find_red_flags(
    reading: Reading,
    rules: Sequence[Rule],
    codebook: Codebook,
    without_doubts: Reading | None = None,
) -> tuple[RaisedFlag, ...]:
    """The flags raised, in the order of the code book.

    ``without_doubts`` is the same story with the words nobody confirmed yet made unreadable. A flag
    that stands or falls with them is raised all the same, and marked ``to_confirm``: an uncertain
    word can neither prove a danger nor, by an uncertain denial, hide one.
    """
    fired = _fired(reading, rules)
    sure = fired if without_doubts is None else _fired(without_doubts, rules)
    return tuple(
        RaisedFlag(
            id=flag.id,
            sign_th=flag.sign,
            action_th=flag.action,
            hotlines=flag.hotlines,
            spans=_in_story(spans_of(fired.get(flag.id) or sure[flag.id]), reading.story),
            to_confirm=not (flag.id in fired and flag.id in sure),
        )
        for flag in codebook.red_flags.values()
        if flag.id in fired or flag.id in sure
    )


def unreadable(story: str, places: Iterable[tuple[int, int]]) -> str:
    """The story with some stretches made unreadable, every other letter where it was."""
    letters = list(story)
    for start, end in places:
        letters[start:end] = UNREADABLE * len(letters[start:end])
    return "".join(letters)


def _fired(reading: Reading, rules: Iterable[Rule]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for rule in rules:
        found[rule.target] += [f for f in reading.findings(rule) if f.standing in _FIRES]
    return {flag: findings for flag, findings in found.items() if findings}


def _in_story(spans: Iterable[Span], story: str) -> tuple[Span, ...]:
    return tuple(s.model_copy(update={"text": story[s.start : s.end]}) for s in spans)
