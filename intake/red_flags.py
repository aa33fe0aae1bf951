"""Red flags from the words of a story: each raised flag with the words that fired it.

Two ways stand beside each other. Rules (``red-flag-rules.yaml``) read the raw text and need nothing
that could fail to open; the classifier learned from the red flags' sentences hears what no rule's
author thought of. Where that classifier fails the rules judge alone; where the embedding model
does, the chances of problem codes with which flags are weighed come from rules. What is stated or
rumoured fires; a denial, a question, a fear, what is past and another person's story do not, unless
a rule takes them too. What the classifier hears alone, without a rule, counts less in a short text
(`intake.limits`) and not at all where the story says that the danger is over (``over``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from intake.cues import spans_of
from intake.flag_weighing import FIRM, flag_features, load_flag_weights
from intake.learning import RUNS, FlagSigns
from intake.limits import flag_audible, is_short, load_limits, shortness
from intake.negation import Standing
from intake.rules import Finding, Reading, Rule, load_rules
from intake.schemas import RaisedFlag, Span
from knowledge_base.codebook import Codebook, RedFlag

UNREADABLE = "\u25a1"  # no letter, no space and no mark: it neither matches nor ends a clause
_FIRES = (Standing.STATED, Standing.RUMOURED)


@dataclass(frozen=True)
class Raised:
    """The words that raise one flag in one reading, and whether they do so surely."""

    spans: tuple[Span, ...]
    sure: bool


@dataclass(frozen=True)
class Heard:
    """A story opened for rules, with the classifier's signs and the chances of problem codes."""

    reading: Reading
    signs: FlagSigns | None = None
    chances: Mapping[str, float] = field(default_factory=dict)


def find_red_flags(
    heard: Heard,
    rules: Sequence[Rule],
    codebook: Codebook,
    without_doubts: Heard | None = None,
) -> tuple[RaisedFlag, ...]:
    """The flags raised, in the order of the code book.

    A flag the evidence is less sure of is raised all the same, and marked ``to_confirm``.
    ``without_doubts`` is the same story with the words nobody confirmed yet made unreadable; a flag
    that stands or falls with them waits for a person too: an uncertain word can neither prove a
    danger nor, by an uncertain denial, hide one.
    """
    flags = tuple(codebook.red_flags.values())
    found = raised(heard, rules, flags)
    sure = found if without_doubts is None else raised(without_doubts, rules, flags)
    return tuple(
        RaisedFlag(
            id=flag.id,
            sign_th=flag.sign,
            action_th=flag.action,
            hotlines=flag.hotlines,
            spans=_in_story((found.get(flag.id) or sure[flag.id]).spans, heard.reading.story),
            to_confirm=not all(flag.id in r and r[flag.id].sure for r in (found, sure)),
        )
        for flag in codebook.red_flags.values()
        if flag.id in found or flag.id in sure
    )


def raised(heard: Heard, rules: Sequence[Rule], flags: Sequence[RedFlag]) -> dict[str, Raised]:
    """The flags of one reading: by rules alone, or weighed together with the classifier."""
    fired = fired_rules(heard.reading, rules)
    chances = _chances(heard, fired, flags)
    weights = load_flag_weights()
    found: dict[str, Raised] = {}
    for flag in (f.id for f in flags):
        findings = fired.get(flag, [])
        always = _score(findings) >= weights.always
        if always or chances[flag] >= weights.raised or _outright(heard, findings):
            sure = always or chances[flag] >= _sure_from(heard, findings)
            found[flag] = Raised(_words(flag, heard, findings), sure)
    return found


def _chances(
    heard: Heard, fired: Mapping[str, Sequence[Finding]], flags: Sequence[RedFlag]
) -> dict[str, float]:
    """How likely each flag is; by rules alone 1 for a firm one, to be confirmed."""
    if heard.signs is None:
        return {f.id: float(_score(fired.get(f.id, ())) >= FIRM) for f in flags}
    weighed = load_flag_weights().chances(
        flag_features(flags, heard.signs, rule_scores(fired), heard.chances)
    )
    over = _over(heard.reading)
    silent = frozenset(
        f.id
        for f in flags
        if _score(fired.get(f.id, ())) < FIRM and (f.id in over or not _counts(f, heard))
    )
    pairs = zip((f.id for f in flags), weighed.tolist(), strict=True)
    return {flag: 0.0 if flag in silent else chance for flag, chance in pairs}


def _counts(flag: RedFlag, heard: Heard) -> bool:
    """Whether what the classifier alone hears of a flag may raise it."""
    if heard.signs is None:
        return False
    strength = next((s.strength for s in heard.signs.of(flag.id, 1)), 0.0)
    codes = [heard.chances.get(code, 0.0) for code in flag.codes]
    return flag_audible(strength, heard.signs.windows, codes)


def _over(reading: Reading) -> frozenset[str]:
    """The flags whose danger the story says is over (who was lost is home)."""
    rules = load_rules("red-flag-rules.yaml", part="over")
    return frozenset(
        r.target for r in rules if any(f.standing is Standing.STATED for f in reading.findings(r))
    )


def _outright(heard: Heard, findings: Sequence[Finding]) -> bool:
    """Whether rules raise a flag to be confirmed whatever the classifier hears."""
    firm = heard.signs is not None and is_short(heard.signs.windows) and _score(findings) >= FIRM
    return firm or any(f.rule.confirm for f in findings)


def _sure_from(heard: Heard, findings: Sequence[Finding]) -> float:
    """From which chance a flag is sure: without a firm rule later, in a short story never."""
    if heard.signs is None:
        return math.inf
    if _score(findings) >= FIRM:
        return load_flag_weights().sure
    return math.inf if shortness(heard.signs.windows) else load_limits().sure_alone


def _score(findings: Iterable[Finding]) -> float:
    return max((f.rule.score for f in findings), default=0.0)


def fired_rules(reading: Reading, rules: Iterable[Rule]) -> dict[str, list[Finding]]:
    """Where rules of each flag hold and may fire."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for rule in rules:
        found[rule.target] += [f for f in reading.findings(rule) if f.standing in _FIRES]
    return {flag: findings for flag, findings in found.items() if findings}


def rule_scores(fired: Mapping[str, Sequence[Finding]]) -> dict[str, float]:
    """The score of the firmest rule that fired, by flag."""
    return {flag: _score(findings) for flag, findings in fired.items()}


def unreadable(story: str, places: Iterable[tuple[int, int]]) -> str:
    """The story with some stretches made unreadable, every other letter where it was."""
    letters = list(story)
    for start, end in places:
        letters[start:end] = UNREADABLE * len(letters[start:end])
    return "".join(letters)


def _words(flag: str, heard: Heard, findings: Sequence[Finding]) -> tuple[Span, ...]:
    """The words of the firmest rules; where none fired, the window the classifier heard."""
    if findings:
        best = _score(findings)
        return spans_of(f for f in findings if f.rule.score == best)
    every = [s for run in RUNS for s in heard.signs.of(flag, run)] if heard.signs else []
    if not every:
        return ()
    window = max(every, key=lambda s: s.strength).window
    return (heard.reading.span(window.start, window.end),)


def _in_story(spans: Iterable[Span], story: str) -> tuple[Span, ...]:
    return tuple(s.model_copy(update={"text": story[s.start : s.end]}) for s in spans)
