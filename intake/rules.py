"""Rules as data: words that must stand near each other, and how what they say stands.

One engine serves problem codes, red flags and facts. A rule's ``any`` is its sign and is judged
for denial; ``near`` must be found within ``window`` clauses of it; ``story`` anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from intake.clauses import Clauses, clauses
from intake.negation import Negation, Standing, load_negation
from intake.normal import View, levelled
from intake.schemas import Span
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

_WORD = re.compile(r"<([a-z0-9_]+)>")
WINDOW = 1
MOST = 40
LONG = 14  # letters; a sign longer than this holds words between actor and act
TAIL = 3
GAP = "[^\\n]{0,"
DENIAL = "ไม่"


@dataclass(frozen=True)
class Rule:
    """One rule for a code, flag or fact (``target``), compiled."""

    id: str
    target: str
    sign: re.Pattern[str]
    near: tuple[re.Pattern[str], ...] = ()
    not_near: re.Pattern[str] | None = None
    story: tuple[re.Pattern[str], ...] = ()
    not_story: re.Pattern[str] | None = None
    window: int = WINDOW
    score: float = 0.8
    suspected: bool = False
    even: frozenset[Standing] = frozenset()
    value: object = None

    @property
    def gapped(self) -> bool:
        """Whether free words stand between the parts of the sign, none of them a denial."""
        return GAP in self.sign.pattern and DENIAL not in self.sign.pattern


@dataclass(frozen=True)
class Finding:
    """One place where a rule holds."""

    rule: Rule
    standing: Standing
    spans: tuple[Span, ...]
    sign: re.Match[str]


@dataclass
class Reading:
    """A story opened for rules: its view, its clauses, and what was already searched."""

    story: str
    view: View
    parts: Clauses
    negation: Negation
    _found: dict[str, list[re.Match[str]]] = field(default_factory=dict)

    def matches(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """All matches of a pattern in the view; each pattern is searched once."""
        if pattern.pattern not in self._found:
            found = [m for m in pattern.finditer(self.view.text) if m.end() > m.start()]
            self._found[pattern.pattern] = found
        return self._found[pattern.pattern]

    def span(self, match: re.Match[str]) -> Span:
        """The words of the story behind a match in the view."""
        start, end = self.view.original(match.start(), match.end())
        return Span(start=start, end=end, text=self.story[start:end])

    def findings(self, rule: Rule) -> list[Finding]:
        """Where the rule holds, in the order of the story."""
        signs = self.matches(rule.sign)
        if not signs or not all(self.matches(p) for p in (*rule.story, *rule.near)):
            return []
        if rule.not_story and self.matches(rule.not_story):
            return []
        found = (self._finding(rule, sign) for sign in signs[:MOST])
        return [f for f in found if f is not None]

    def _finding(self, rule: Rule, sign: re.Match[str]) -> Finding | None:
        if rule.not_near and self._nearest(rule.not_near, sign, rule.window):
            return None
        beside = [self._nearest(p, sign, rule.window) for p in rule.near]
        if not all(beside):
            return None
        standing = self._standing(rule, sign)
        if standing in rule.even:
            standing = Standing.STATED
        words = {self.span(m) for m in (sign, *beside) if m is not None}
        return Finding(rule, standing, tuple(sorted(words, key=lambda s: s.start)), sign)

    def _standing(self, rule: Rule, sign: re.Match[str]) -> Standing:
        """How a sign stands; one with a gap is judged at its act too, which ends it."""
        text, parts, negation = self.view.text, self.parts, self.negation
        standing = negation.standing(text, parts, sign.start(), sign.end())
        gap = rule.gapped and sign.end() - sign.start() > LONG
        if standing is Standing.STATED and gap:
            tail = negation.standing(text, parts, sign.end() - TAIL, sign.end())
            return tail if tail in (Standing.NEGATED, Standing.ASKED) else standing
        return standing

    def _nearest(
        self, pattern: re.Pattern[str], sign: re.Match[str], window: int
    ) -> re.Match[str] | None:
        home = self.parts.index(sign.start())
        near = [
            m for m in self.matches(pattern) if abs(self.parts.index(m.start()) - home) <= window
        ]
        return min(near, key=lambda m: abs(m.start() - sign.start()), default=None)


def read(story: str, data_dir: Path = DATA) -> Reading:
    """The story opened for rules."""
    view = levelled(story, data_dir)
    return Reading(story, view, clauses(view.text), load_negation(data_dir))


@cache
def load_rules(file: str, data_dir: Path = DATA) -> tuple[Rule, ...]:
    """The rules of a file, with the word groups of ``intake-words.yaml`` filled in."""
    groups = load_words(data_dir)
    rows = unmarked(read_marked(data_dir / file))["rules"]
    return tuple(
        _rule(f"{target}/{n}", target, row, groups)
        for target, listed in rows.items()
        for n, row in enumerate(listed, start=1)
    )


@cache
def load_words(data_dir: Path = DATA) -> Mapping[str, str]:
    """Word groups as pattern text; a group may use groups named before it."""
    groups: dict[str, str] = {}
    for name, words in unmarked(read_marked(data_dir / "intake-words.yaml"))["groups"].items():
        groups[name] = "(?:" + "|".join(_filled(w, groups) for w in words) + ")"
    return groups


def _rule(name: str, target: str, row: Mapping[str, Any], groups: Mapping[str, str]) -> Rule:
    def one(key: str) -> re.Pattern[str] | None:
        return _joined(row[key], groups) if key in row else None

    return Rule(
        id=name,
        target=target,
        sign=_joined(row["any"], groups),
        near=tuple(_joined([p], groups) for p in row.get("near", ())),
        not_near=one("not_near"),
        story=tuple(_joined([p], groups) for p in row.get("story", ())),
        not_story=one("not_story"),
        window=row.get("window", WINDOW),
        score=row.get("score", 0.8),
        suspected=bool(row.get("suspected")),
        even=frozenset(Standing(s) for s in row.get("even", ())),
        value=row.get("value"),
    )


def _joined(words: list[str], groups: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(_filled(w, groups) for w in words))


def _filled(word: str, groups: Mapping[str, str]) -> str:
    return _WORD.sub(lambda m: groups[m[1]], word)
