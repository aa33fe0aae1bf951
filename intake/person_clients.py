"""Who the story is about: what befalls whom, for whom help is asked, and who cannot be it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from intake.mentions import NAME, PRONOUN, Mention, Told
from intake.people import PersonRole
from intake.person_figure import Figure
from intake.person_traits import Traits

Place = tuple[int, int]
SUFFERS_REACH, NEED_REACH, MEANT_REACH, DEAD_REACH = 90, 46, 200, 110
MOST_MENTIONS, MOST_PAINS, MOST_SELF = 8, 3.0, 12
BLAMED = 0.5
WEIGHTS = {
    "role": 3.0,
    "asked": 1.5,
    "mention": 0.3,
    "pain": 0.7,
    "age": 0.8,
    "young": 0.8,
    "named": 0.4,
    "official": -3.0,
    "blamed": -1.6,
    "reports": -1.0,
    "need": 0.8,
    "dead": -4.0,
    "self": 0.1,
}


@dataclass
class Parts:
    """Scores of the parts somebody may play, with the places that speak for each."""

    scores: dict[PersonRole, float] = field(default_factory=dict)
    places: dict[PersonRole, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def speak(self, role: PersonRole, score: float, *places: Place) -> None:
        """Something speaks for a part."""
        self.scores[role] = self.scores.get(role, 0.0) + score
        self.places[role] += [p for p in places if p not in self.places[role]]


class Clients:
    """Scores the figures of a story for the part of the one it is about."""

    def __init__(
        self, told: Told, of: dict[Mention, Figure], parts: dict[Figure, Parts], traits: Traits
    ) -> None:
        self.told, self.of, self.parts, self.traits = told, of, parts, traits
        self.patterns = told.words.patterns

    def suffering(self) -> dict[Figure, list[Place]]:
        """What befalls whom, apart from acts."""
        found: dict[Figure, list[Place]] = defaultdict(list)
        for match in self.patterns["client.suffers"].finditer(self.told.text):
            sufferer = self._nearest(match.start(), SUFFERS_REACH)
            if sufferer is not None and not sufferer.speaker:
                found[sufferer].append(match.span())
        for match in self.patterns["client.need"].finditer(self.told.text):
            sufferer = self._nearest(match.start(), NEED_REACH)
            if sufferer is not None and sufferer.speaker and not self._in_quotes(match.start()):
                found[sufferer].append(match.span())
        return found

    def score(self, figure: Figure, pains: list[Place]) -> tuple[float, list[Place]]:
        """How much speaks for somebody, given what befalls them, and where."""
        w = WEIGHTS
        said = [m for m in figure.mentions if m.word and m.word.role == "client"]
        blamed = self.parts[figure].scores.get(PersonRole.ALLEGED_PERPETRATOR, 0.0)
        reports = self.parts[figure].scores.get(PersonRole.REPORTER, 0.0) > 0
        asked = self._asked_for(figure)
        if figure.speaker:
            score = w["need"] * len(pains) + w["asked"] * len(asked)
            score += w["self"] * min(len(figure.mentions), MOST_SELF)
        else:
            score = w["mention"] * min(len(figure.mentions), MOST_MENTIONS)
            score += min(w["pain"] * len(pains), MOST_PAINS) + w["asked"] * bool(asked)
            score += w["role"] * bool(said) + w["named"] * figure.named
            score += w["young"] * figure.young + w["age"] * (figure in self.traits.ages)
            score += w["official"] * figure.official + w["reports"] * reports
            score += w["blamed"] * (blamed >= BLAMED) + w["dead"] * self._died(figure)
        return score, [*((m.start, m.end) for m in said), *asked, *pains]

    def _asked_for(self, figure: Figure) -> list[Place]:
        """Places that ask for help for somebody."""
        if figure.speaker:
            asked = self.patterns["client.self"].finditer(self.told.text)
            return [m.span() for m in asked if not self._in_quotes(m.start())]
        before, after = self.patterns["client.before"], self.patterns["client.after"]
        found = []
        for m in figure.mentions:
            if m.kind == PRONOUN:
                continue
            lead = self.told.text[max(0, m.start - 40) : m.start]
            tail = self.told.text[m.end : m.end + 80]
            near = any(x.end > m.start - 26 and x.start < m.start for x in self.told.mentions)
            if (before.search(lead) and not near) or (m.kind == NAME and after.match(tail)):
                found.append((m.start, m.end))
        return found

    def _died(self, figure: Figure) -> bool:
        """Whether the story tells, before it names anybody else, that they died."""
        for m in figure.mentions:
            ends = self.patterns["client.dead"].match(self.told.text[m.end : m.end + DEAD_REACH])
            until = m.end + ends.end() if ends else m.end
            named = (x for x in self.told.mentions if x.kind == NAME)
            if ends and not any(m.end <= x.start < until for x in named):
                return True
        return False

    def _nearest(self, at: int, reach: int) -> Figure | None:
        edge = self.told.text.rfind("\n", 0, at)
        low = max(at - reach, edge)
        before = [m for m in self.told.mentions if low <= m.start and m.end <= at]
        if before and before[-1].kind == PRONOUN:
            low = max(at - MEANT_REACH, edge)
            before = [m for m in self.told.mentions if low <= m.start and m.end <= at]
        for m in reversed(before):
            if m in self.of and not (self.of[m].official and not self.of[m].speaker):
                return self.of[m]
        return None

    def _in_quotes(self, at: int) -> bool:
        return any(a <= at < b for a, b in self.told.quotes)
