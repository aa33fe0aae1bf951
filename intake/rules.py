"""Rules as data: words that must stand near each other, and how what they say stands.

One engine serves problem codes, red flags and facts. A rule's ``any`` is its sign and is judged
for denial; ``near`` must be found within ``window`` clauses of it; ``story`` anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from intake.clauses import Clauses, clauses
from intake.negation import Negation, Standing, load_negation
from intake.normal import View, levelled
from intake.pieces import Piece, dictionary, tokens
from intake.schemas import Span
from intake.words import filled, load_words
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

WINDOW = 1
MOST = 40
LONG = 14  # letters; a sign longer than this is judged at its act too
TAIL = 3
PHRASE = 48
SURE = 6  # letters; a match this long is its own proof
DENIAL = "ไม่"
LOOKS = re.compile(r"\(\?<?[!=][^()]*\)")


@dataclass(frozen=True)
class Rule:
    """One rule for a code, flag or fact (``target``), compiled.

    ``confirm``: a red flag it raises is raised, to be confirmed, whatever the classifier hears.
    """

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
    confirm: bool = False
    even: frozenset[Standing] = frozenset()
    value: object = None

    @cached_property
    def denies(self) -> bool:
        """Whether words of denial belong to the sign itself."""
        return DENIAL in LOOKS.sub("", self.sign.pattern)


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
    _told: dict[str, bool] = field(default_factory=dict)
    _pieces: dict[str, Piece] = field(default_factory=dict)

    def piece(self, text: str) -> Piece:
        """A stretch of the view, its words and features read once for whoever asks."""
        return self._pieces.setdefault(text, Piece(text))

    def matches(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """All matches of a pattern in the view; each pattern is searched once."""
        if pattern.pattern not in self._found:
            found = [m for m in pattern.finditer(self.view.text) if self._stands(m)]
            self._found[pattern.pattern] = found
        return self._found[pattern.pattern]

    def _stands(self, match: re.Match[str]) -> bool:
        """Whether a match is no accident: a few letters must not begin inside another word."""
        length = match.end() - match.start()
        return length >= SURE or (length > 0 and match.start() not in self.inside_words)

    @cached_property
    def inside_words(self) -> frozenset[int]:
        """Every place inside a word of the dictionary, its first letter excepted."""
        known = dictionary()
        words = (w for w in tokens(self.view.text) if w[0] in known)
        return frozenset(at for _, start, end in words for at in range(start + 1, end))

    def span(self, start: int, end: int) -> Span:
        """The words of the story behind a stretch of the view."""
        first, last = self.view.original(start, end)
        return Span(start=first, end=last, text=self.story[first:last])

    def phrases(self, sign: re.Match[str], others: Sequence[re.Match[str]]) -> tuple[Span, ...]:
        """A sign and what stands beside it, as whole words: joined where close, else apart.

        What is too short to mean anything alone is shown only where it joins the sign.
        """
        start, end = self.whole_words(sign.start(), sign.end())
        apart: list[tuple[int, int]] = []
        for match in sorted(others, key=lambda m: abs(m.start() - sign.start())):
            first, last = self.whole_words(match.start(), match.end())
            joined = min(start, first), max(end, last)
            if joined[1] - joined[0] <= PHRASE and "\n" not in self.view.text[slice(*joined)]:
                start, end = joined
            elif last - first >= SURE:
                apart.append((first, last))
        places = {(start, end), *(p for p in apart if not start <= p[0] < end)}
        return tuple(self.span(*place) for place in sorted(places))

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """A stretch widened to the words it cuts through."""
        while start in self.inside_words:
            start -= 1
        while end in self.inside_words:
            end += 1
        return start, end

    def findings(self, rule: Rule) -> list[Finding]:
        """Where the rule holds, in the order of the story."""
        signs = self.matches(rule.sign)
        if not signs or not all(self.matches(p) for p in rule.near):
            return []
        if not all(self.tells(p) for p in rule.story):
            return []
        if rule.not_story and self.matches(rule.not_story):
            return []
        found = (self._finding(rule, sign) for sign in signs[:MOST])
        return [f for f in found if f is not None]

    def tells(self, pattern: re.Pattern[str]) -> bool:
        """Whether the story says a pattern somewhere without denying it or asking for it."""
        if pattern.pattern not in self._told:
            self._told[pattern.pattern] = any(
                self._told_at(m) for m in self.matches(pattern)[:MOST]
            )
        return self._told[pattern.pattern]

    def _told_at(self, match: re.Match[str]) -> bool:
        standing = self.negation.standing(self.view.text, self.parts, match.start(), match.end())
        return standing not in (Standing.NEGATED, Standing.ASKED) or DENIAL in match.group()

    def _finding(self, rule: Rule, sign: re.Match[str]) -> Finding | None:
        if rule.not_near and self._nearest(rule.not_near, sign, rule.window):
            return None
        beside = [self._nearest(p, sign, rule.window) for p in rule.near]
        if not all(beside):
            return None
        standing = self._standing(rule, sign)
        if standing in rule.even:
            standing = self._else(rule, sign)
        others = [m for m in beside if m is not None]
        return Finding(rule, standing, self.phrases(sign, others), sign)

    def _standing(self, rule: Rule, sign: re.Match[str]) -> Standing:
        """How a sign stands; a long one is judged at its act too, which ends it.

        A sign that is itself a denial ("no rice") is not undone by one; a denial that slipped
        into a gap of the sign ("the boss never took the card") undoes it.
        """
        text, parts, negation = self.view.text, self.parts, self.negation
        standing = negation.standing(text, parts, sign.start(), sign.end())
        words = sign.group()
        own = rule.denies and DENIAL in words
        if standing is Standing.NEGATED and own:
            return Standing.STATED
        if standing is not Standing.STATED:
            return standing
        long = len(words) > LONG
        inner = negation.inside.search(words, 1) if long else None
        if inner or (not own and negation.act.search(words, 1)):
            return Standing.NEGATED
        if long and not own:
            tail = negation.standing(text, parts, sign.end() - TAIL, sign.end())
            return tail if tail in (Standing.NEGATED, Standing.ASKED) else standing
        return standing

    def _else(self, rule: Rule, sign: re.Match[str]) -> Standing:
        """Stated, unless another standing holds as well ("once heard in the news")."""
        standing = self.negation.standing(
            self.view.text, self.parts, sign.start(), sign.end(), rule.even
        )
        return Standing.OTHER if standing is Standing.OTHER else Standing.STATED

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
def load_rules(file: str, data_dir: Path = DATA, part: str = "rules") -> tuple[Rule, ...]:
    """The rules of a file (or another ``part`` of it), with the word groups filled in."""
    groups = load_words(data_dir)
    rows = unmarked(read_marked(data_dir / file)).get(part, {})
    return tuple(
        _rule(f"{target}/{n}", target, row, groups)
        for target, listed in rows.items()
        for n, row in enumerate(listed, start=1)
    )


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
        confirm=bool(row.get("confirm")),
        even=frozenset(Standing(s) for s in row.get("even", ())),
        value=row.get("value"),
    )


def _joined(words: list[str], groups: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(filled(w, groups) for w in words))
