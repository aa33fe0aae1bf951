"""Problem codes from the words of a story: how strongly each code speaks, and where.

Denied, asked and another person's signs do not count; feared ones only make a code unsure;
rumour makes it suspected; what is over makes it past. The rules are data (``cue-rules.yaml``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.negation import Standing
from intake.rules import Finding, Reading, Rule
from intake.schemas import Role, Span

THRESHOLD = 0.5
CEILING = 0.97
_WEIGHT = {
    Standing.STATED: 1.0,
    Standing.RUMOURED: 0.85,
    Standing.PAST: 0.9,
    Standing.FEARED: 0.5,
}


@dataclass(frozen=True)
class Cue:
    """A code the words suggest, with its score (0-1), role and words."""

    code: str
    score: float
    role: Role
    spans: tuple[Span, ...]
    rules: tuple[str, ...]


def find_cues(reading: Reading, rules: Iterable[Rule]) -> tuple[Cue, ...]:
    """The codes suggested, each once, strongest first."""
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for rule in rules:
        by_code[rule.target] += [f for f in reading.findings(rule) if f.standing in _WEIGHT]
    cues = (_cue(code, findings) for code, findings in by_code.items() if findings)
    return tuple(sorted(cues, key=lambda c: (-c.score, c.code)))


def denied_codes(reading: Reading, rules: Iterable[Rule]) -> frozenset[str]:
    """The codes of which a rule found the words, and found them denied."""
    return frozenset(
        rule.target
        for rule in rules
        if any(f.standing is Standing.NEGATED for f in reading.findings(rule))
    )


def _cue(code: str, findings: Sequence[Finding]) -> Cue:
    weights = [f.rule.score * _WEIGHT[f.standing] for f in findings]
    best = max(weights)
    signs = len({f.sign.group() for f in findings})
    kept = [f for f, w in zip(findings, weights, strict=True) if w >= 0.6 * best]
    return Cue(
        code,
        round(min(CEILING, best + 0.04 * (signs - 1)), 3),
        _role(kept),
        spans_of(kept),
        tuple(sorted({f.rule.id for f in kept})),
    )


def _role(findings: Sequence[Finding]) -> Role:
    counted = [f for f in findings if f.standing is not Standing.PAST]
    if not counted:
        return Role.PAST
    firm = [f for f in counted if f.standing is Standing.STATED and not f.rule.suspected]
    return Role.SECONDARY if firm else Role.SUSPECTED


def spans_of(findings: Iterable[Finding]) -> tuple[Span, ...]:
    """The words behind some findings, each once, in the order of the story."""
    words = {(s.start, s.end): s for f in findings for s in f.spans}
    return tuple(words[place] for place in sorted(words))
