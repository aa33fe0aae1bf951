"""Whose part is which: who reports, who the story is about, who is said to have done it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from intake.harm import Act, Acts
from intake.mentions import NAME, PRONOUN, SELF, Mention, Told
from intake.people import PersonRole
from intake.person_clients import MEANT_REACH, Clients, Parts, Place
from intake.person_figure import Figure
from intake.person_traits import Traits
from intake.rules import Reading

PRONOUNS = 1.0
ADULT, OLD, VERY_OLD = 18, 60, 75
CHILDREN = frozenset({"son", "daughter", "child", "step_child", "foster_child"})
CERTAIN, SEVERAL, PASSED_OVER = 1.0, 2, 0.5


class Casting:
    """Scores every figure of a story for every part."""

    def __init__(self, told: Told, reading: Reading, cast: list[Figure]) -> None:
        self.told, self.cast = told, list(cast)
        self.of = {m: f for f in cast for m in f.mentions}
        self.patterns = told.words.patterns
        self.parts: dict[Figure, Parts] = defaultdict(Parts)
        self._merge_clients()
        self.traits = Traits(told, self.cast)
        self.clients = Clients(told, self.of, self.parts, self.traits)
        self.suffering = self.clients.suffering()
        self._grow()
        self.victims = self._victims(Acts(told, reading, self.of, frozenset()).found())
        self.acts = Acts(told, reading, self.of, self.victims).found()

    def play(self) -> dict[Figure, Parts]:
        """Scores by figure; an unnamed wrongdoer spoken of by pronouns only joins the cast."""
        self._reporters()
        self._wrongdoers()
        self._clients()
        return self.parts

    def _reporters(self) -> None:
        role = PersonRole.REPORTER
        before = self.patterns["reporter.before"]
        for figure in self.cast:
            for mention in figure.mentions:
                lead = self.told.text[max(0, mention.start - 60) : mention.start]
                if any(w.role == role.value for w in figure.words.values()):
                    self.parts[figure].speak(role, 1.0, (mention.start, mention.end))
                elif (cue := before.search(lead)) and self._next(
                    figure, mention, lead[cue.end("cue") :]
                ):
                    self.parts[figure].speak(role, 0.9, (mention.start, mention.end))
        told = [f for f in self.cast if f.speaker]
        if told and not any(role in p.scores for p in self.parts.values()):
            places = [(m.start, m.end) for m in told[0].mentions[:3]]
            self.parts[told[0]].speak(role, 0.9, *places)
        self._signing(role)

    def _signing(self, role: PersonRole) -> None:
        """Who signs at the end tells the story when nobody else is said to."""
        if any(role in p.scores for p in self.parts.values()):
            return
        signed = self.patterns["self_name.signed"]
        for figure in self.cast:
            for m in (m for m in figure.mentions if m.kind == NAME):
                if signed.search(self.told.text[max(0, m.start - 30) : m.start]):
                    self.parts[figure].speak(role, 0.8, (m.start, m.end))

    def _next(self, figure: Figure, mention: Mention, gap: str) -> bool:
        """Whether nobody else is spoken of between a cue and a mention."""
        between = range(mention.start - len(gap), mention.start)
        passed = [m for m in self.told.mentions if m.start in between and m in self.of]
        return all(self.of[m] is figure for m in passed)

    def _wrongdoers(self) -> None:
        role = PersonRole.ALLEGED_PERPETRATOR
        for figure in self.cast:
            for m in figure.mentions:
                if m.word and m.word.role == role.value and not self._absent(m):
                    self.parts[figure].speak(role, 1.0, (m.start, m.end))
        meant, blamed = self._meant(), self._blamed()
        unsaid: list[Act] = []
        for act in self.acts:
            actor, place = act.actor, (act.start, act.end)
            struck_by = act.pronoun and self._struck_by(actor, act.pronoun)
            if struck_by:
                actor = struck_by
            elif actor is None and act.pronoun:
                actor = self._antecedent(act.pronoun, meant or blamed)
            elif actor is not None and act.pronoun and blamed not in (None, actor):
                self.parts[actor].speak(role, act.weight * PASSED_OVER, place)
                actor = blamed
            if actor is not None and not actor.speaker:
                self.parts[actor].speak(role, act.weight, place)
            elif act.pronoun is not None:
                unsaid.append(act)
        self._unnamed(role, unsaid)

    def _absent(self, mention: Mention) -> bool:
        """Whether the story says that there is no such person."""
        lead = self.told.text[max(0, mention.start - 12) : mention.start]
        return bool(self.patterns["harm.nobody"].search(lead))

    def _meant(self) -> Figure | None:
        """Whom the story says that its pronoun means."""
        for match in self.patterns["harm.means"].finditer(self.told.text):
            for mention in self.told.mentions:
                if 0 <= mention.start - match.end() <= 4 and mention in self.of:
                    return self.of[mention]
        return None

    def _blamed(self) -> Figure | None:
        """Who alone did several harmful acts: a pronoun with another one means them."""
        done = [a.actor for a in self.acts if a.actor and not a.pronoun and a.weight >= CERTAIN]
        return done[0] if len(done) >= SEVERAL and len(set(done)) == 1 else None

    def _antecedent(self, pronoun: Mention, known: Figure | None) -> Figure | None:
        """Who a pronoun most likely means: who is known, or the grown person spoken of last."""
        if known is not None:
            return known
        low = pronoun.start - MEANT_REACH
        before = [m for m in self.told.mentions if low <= m.start < pronoun.start and m in self.of]
        able = [m for m in reversed(before) if self._blamable(m)]
        first = [m for m in able if not self._object(m)] or able
        nearest = self.of[first[0]] if first else None
        return self._struck_by(nearest, pronoun) or nearest

    def _struck_by(self, figure: Figure | None, pronoun: Mention) -> Figure | None:
        """Who last did something to somebody, in whose stead a pronoun never goes on."""
        done = [a for a in self.acts if a.end <= pronoun.start and a.patient is figure and a.actor]
        return done[-1].actor if figure and done else None

    def _blamable(self, mention: Mention) -> bool:
        figure = self.of[mention]
        if mention.kind in (SELF, PRONOUN) or figure.official or figure.speaker or figure.young:
            return False
        victim = figure in self.victims or any(w.role for w in figure.words.values())
        tail = self.told.text[mention.end : mention.end + 12]
        return not (victim or self.patterns["harm.dead"].match(tail))

    def _object(self, mention: Mention) -> bool:
        lead = self.told.text[max(0, mention.start - 12) : mention.start]
        return bool(self.patterns["harm.object"].search(lead))

    def _merge_clients(self) -> None:
        """Who is only called "the client" is the named person nearest by who is nobody's kin."""
        for figure in [f for f in self.cast if not f.named and not f.speaker]:
            if not any(w.role == "client" for w in figure.words.values()):
                continue
            others = [f for f in self.cast if f.named and not f.official and not f.speaker]
            others = [f for f in others if "reporter" not in f.words]
            if not others:
                continue
            target = min(others, key=lambda f: (self._tied(f), self._apart(f, figure)))
            for mention in figure.mentions:
                target.add(mention)
                self.of[mention] = target
            self.cast.remove(figure)

    def _tied(self, figure: Figure) -> bool:
        return any(w.kin and not w.young for w in figure.words.values())

    def _apart(self, figure: Figure, other: Figure) -> int:
        return min(abs(m.start - other.first) for m in figure.mentions)

    def _grow(self) -> None:
        """Who is told to be an adult: by age, or as the child of somebody old."""
        ages = {f: int(t.value) for f, t in self.traits.ages.items()}
        for figure in self.cast:
            figure.grown = ages.get(figure, 0) >= ADULT
        oldest = max((ages[f] for f in self._victims(()) if f in ages), default=0)
        for figure in self.cast:
            ids = {w.id for w in figure.words.values()}
            child = oldest >= OLD and bool(ids & CHILDREN)
            child |= oldest >= VERY_OLD and "grandchild" in ids and not self._little(figure)
            figure.grown |= child and figure not in ages

    def _little(self, figure: Figure) -> bool:
        """Whether a title or a nearby word says that somebody is a child still."""
        titled, near = self.patterns["traits.young"], self.patterns["traits.little"]
        windows = (self.told.text[max(0, m.start - 12) : m.end + 40] for m in figure.mentions)
        return any(titled.match(m.text) for m in figure.mentions) or any(map(near.search, windows))

    def _victims(self, acts: Sequence[Act]) -> frozenset[Figure]:
        """Who the story is most likely about, before anybody is blamed."""
        scored = [
            (self.clients.score(f, self.suffering[f])[0] + self._struck(f, acts), -f.first, f)
            for f in self.cast
            if not f.speaker and f.mentions
        ]
        return frozenset([max(scored, key=lambda s: s[:2])[2]]) if scored else frozenset()

    def _struck(self, figure: Figure, acts: Sequence[Act]) -> float:
        """How much more is done to somebody by another one of the story than the other way."""
        done = [a for a in acts if a.actor and a.patient and a.actor is not a.patient]
        return sum((a.patient is figure) - (a.actor is figure) for a in done)

    def _unnamed(self, role: PersonRole, acts: list[Act]) -> None:
        if sum(a.weight for a in acts) < PRONOUNS:
            return
        figure = Figure()
        for act in acts:
            if act.pronoun:
                figure.add(act.pronoun)
        self.cast.append(figure)
        for act in acts:
            self.parts[figure].speak(role, act.weight, (act.start, act.end))

    def _clients(self) -> None:
        role = PersonRole.CLIENT
        pains = self._pains()
        for figure in self.cast:
            parts = self.parts[figure]
            score, places = self.clients.score(figure, pains[figure])
            if score > 0:
                parts.speak(role, score, *places)

    def _pains(self) -> dict[Figure, list[Place]]:
        """What befalls whom, acts included."""
        found = defaultdict(list, {f: list(places) for f, places in self.suffering.items()})
        for act in self.acts:
            if act.patient is not None:
                found[act.patient].append((act.start, act.end))
        return found
