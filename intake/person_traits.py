"""What the words say of somebody: sex, age, pregnancy, disability, each with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pythainlp.util import thaiword_to_num

from intake.mentions import NAME, PRONOUN, Mention, Told
from intake.people import Trait
from intake.person_figure import Figure
from intake.privacy_rules import arabic
from intake.schemas import Span

AGE_REACH, STATE_REACH = 60, 60
OLDEST, LEAD = 120, 8


def span_of(text: str, start: int, end: int) -> Span:
    """The words at a place."""
    return Span(start=start, end=end, text=text[start:end])


class Traits:
    """Reads the traits of a story's people; each sign belongs to whom it stands nearest behind."""

    def __init__(self, told: Told, cast: Iterable[Figure]) -> None:
        self._told = told
        self._of = {m: f for f in cast for m in f.mentions}
        self._patterns = told.words.patterns
        self.ages = self._read("traits.age", AGE_REACH, self._age)
        self.pregnant = self._read("traits.pregnant", STATE_REACH, lambda _: True)
        self.disability = self._read("traits.disability", STATE_REACH, lambda m: m.group())

    def sex(self, figure: Figure) -> Trait | None:
        """From titles and words; nothing where they disagree."""
        said = [(sex, m) for m in figure.mentions if (sex := self._sex_said(m))]
        if len({sex for sex, _ in said}) != 1:
            return None
        sex, mention = said[0]
        return Trait(value=sex, spans=(span_of(self._told.text, mention.start, mention.end),))

    def _sex_said(self, mention: Mention) -> str | None:
        if mention.kind == NAME:
            if self._patterns["traits.women"].match(mention.text):
                return "F"
            if self._patterns["traits.men"].match(mention.text):
                return "M"
        return mention.word.sex if mention.word else None

    def _read(self, name: str, reach: int, value: object) -> dict[Figure, Trait]:
        found: dict[Figure, Trait] = {}
        for match in self._patterns[name].finditer(self._told.text):
            figure = self._behind(match.start(), reach)
            said = value(match) if callable(value) else None
            if figure is not None and said is not None and figure not in found:
                place = span_of(self._told.text, *match.span())
                found[figure] = Trait(value=said, spans=(place,))
        return found

    def _age(self, match: re.Match[str]) -> int | None:
        """Years of age; nothing for bare years that something lasted."""
        lead = match.string[max(0, match.start() - LEAD) : match.start()]
        lasting = self._patterns["traits.lasting"]
        if self._patterns["traits.years"].search(match.group()) and lasting.search(lead):
            return None
        return _years(arabic(match["n"] or match["m"]))

    def _behind(self, at: int, reach: int) -> Figure | None:
        """The person spoken of last before a place, in its paragraph."""
        low = max(at - reach, self._told.text.rfind("\n", 0, at))
        before = [m for m in self._of if low <= m.start and m.end <= at and m.kind != PRONOUN]
        if not before:
            return None
        return self._of[max(before, key=lambda m: m.start)]


def _years(said: str) -> int | None:
    """A number from digits or number words."""
    try:
        years = int(said) if said.isdigit() else int(thaiword_to_num(said))
    except (ValueError, TypeError, IndexError, KeyError):
        return None
    return years if 0 < years <= OLDEST else None
