"""Which mentions mean the same person: names by first name, kin words by whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from intake.mentions import NAME, PRONOUN, SELF, WORD, Mention, Told
from intake.people_words import Word
from intake.person_figure import Figure
from intake.placeholders import bare_name
from intake.privacy_rules import load_privacy_rules

PARTNERS = frozenset({"husband", "wife", "partner"})
PARENTS = frozenset({"mother", "father"})
NEAR = 5
UNTOLD = 40
SHORTEST = 3


def figures(told: Told) -> list[Figure]:
    """Everybody of a story, in the order of appearance."""
    return sorted(_Casting(told).cast(), key=lambda f: f.first)


class _Casting:
    """Gives each mention to somebody."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.patterns = told.words.patterns
        self.mentions = [m for m in told.mentions if m.kind != PRONOUN]
        self.found: list[Figure] = []
        self.speaker = Figure(speaker=True)
        self.of: dict[Mention, Figure] = {}
        self.owner: dict[Mention, Mention] = dict(self._owners())

    def cast(self) -> list[Figure]:
        """All figures with at least one mention."""
        for mention in self.mentions:
            if mention.kind == SELF:
                self._give(mention, self.speaker)
        self._names()
        self._appositions()
        for mention in self.mentions:
            if mention not in self.of and mention.kind == WORD:
                self._give(mention, self._by_word(mention))
        self._reporters()
        for mention, whose in self.owner.items():
            self.of[mention].owners.append((mention, whose))
        return [f for f in [self.speaker, *self.found] if f.mentions]

    def _reporters(self) -> None:
        """Who reported and what they are said to be ("the reporter is an aunt") is one person."""
        for mention, following in zip(self.mentions, self.mentions[1:], strict=False):
            if mention.word is None or mention.word.role != "reporter":
                continue
            if self.patterns["reporter.is"].fullmatch(self.told.gap(mention, following)):
                self._join(self.of[mention], self.of[following])

    def _join(self, figure: Figure, other: Figure) -> None:
        if figure is other or figure.speaker or other.young:
            return
        for mention in figure.mentions:
            self._give(mention, other)
        self.found.remove(figure)

    def _give(self, mention: Mention, figure: Figure, word: Word | None = None) -> None:
        figure.add(mention, word)
        self.of[mention] = figure
        if figure not in self.found and not figure.speaker:
            self.found.append(figure)

    def _owners(self) -> Iterator[tuple[Mention, Mention]]:
        """Kin words and the mention right behind them that says whose kin it is."""
        for mention, following in zip(self.mentions, self.mentions[1:], strict=False):
            if not (mention.kind == WORD and mention.word and not mention.word.official):
                continue
            gap = self.told.gap(mention, following)
            if len(gap) > NEAR or not self.patterns["possessor"].fullmatch(gap):
                continue
            if not gap.strip() and (gap or following.kind == NAME):
                continue
            if gap.strip() or following.kind == SELF or mention.word.kin:
                yield mention, following

    def _names(self) -> None:
        last: Mention | None = None
        alias = load_privacy_rules().alias
        for mention in (m for m in self.mentions if m.kind == NAME):
            joined = last and alias.fullmatch(self.told.text, last.end, mention.start)
            figure = self.of[last] if joined and last else self._by_name(mention)
            figure.first_names.update(bare_name(mention.text)[:1])
            self._give(mention, figure)
            last = mention

    def _by_name(self, mention: Mention) -> Figure:
        first = bare_name(mention.text)[:1]
        for figure in [*self.found, self.speaker]:
            if first and any(_same_name(first[0], known) for known in figure.first_names):
                return figure
        return self.speaker if self._own_name(mention) else Figure()

    def _own_name(self, mention: Mention) -> bool:
        """Whether the one who tells says their own name here."""
        before, text = self._self_before(mention), self.told.text
        if self.patterns["self_name.signed"].search(
            text[max(0, mention.start - 30) : mention.start]
        ):
            return True
        if before is None or before.kind != SELF or before in self.owner.values():
            return self._untold(mention, before)
        gap = self.told.gap(before, mention)
        whose = text[max(0, before.start - 8) : mention.start]
        return bool(
            self.patterns["self_name.before"].fullmatch(gap)
            or self.patterns["self_name.phone"].search(whose)
        )

    def _untold(self, mention: Mention, before: Mention | None) -> bool:
        """A name after "name", nobody near whose it could be, of a speaker without a name."""
        if not self.speaker.mentions or self.speaker.first_names:
            return False
        intro = self.told.text[max(0, mention.start - 16) : mention.start]
        far = before is None or mention.start - before.end > UNTOLD
        titled = self.patterns["traits.grown"].match(mention.text)
        return bool(far and not titled and self.patterns["self_name.alone"].search(intro))

    def _self_before(self, mention: Mention) -> Mention | None:
        """The mention before a name; past a word of office that follows oneself."""
        at = self.mentions.index(mention)
        before = self.mentions[at - 1] if at else None
        if at < 2 or before is None or before.word is None or not before.word.official:
            return before
        oneself = self.mentions[at - 2]
        touching = oneself.kind == SELF and before.start - oneself.end <= 1
        return oneself if touching and before.kind == WORD else before

    def _appositions(self) -> None:
        names = [m for m in self.mentions if m.kind == NAME]
        for name in names:
            word = self._word_before(name)
            if word is not None:
                self._give(word, self.of[name])
            lead = self.told.text[max(0, name.start - 20) : name.start]
            if self.patterns["apposition.partner"].search(lead):
                partner = self.told.words.words["แฟน"]
                self.of[name].words.setdefault(partner.id, partner)
        for name in names:
            word = self._word_after(name)
            if word is not None:
                self._give(word, self.of[name])

    def _word_before(self, name: Mention) -> Mention | None:
        at = self.mentions.index(name) - 1
        if at >= 0 and self.mentions[at] in self.owner.values():
            at -= 1
        if at < 0 or self.mentions[at].kind != WORD or self.mentions[at] in self.of:
            return None
        word = self.mentions[at]
        gap = self.told.text[self.owner.get(word, word).end : name.start]
        return word if self._agree(word, name) and self._apposed(word, gap, name) else None

    def _agree(self, word: Mention, name: Mention) -> bool:
        """Whether a word and a title can be said of one person."""
        if word.word is None:
            return False
        sex = self.sex(name)
        grown = self.patterns["traits.grown"].match(name.text)
        young = word.word.young and not word.word.kin
        if word.word.id in PARENTS and self.patterns["traits.young"].match(name.text):
            return False
        if word.word.official and name.word is not None and name.word.kin:
            return False
        return not (sex and word.word.sex and sex != word.word.sex) and not (grown and young)

    def sex(self, name: Mention) -> str | None:
        """What a name's title says."""
        if self.patterns["traits.women"].match(name.text):
            return "F"
        return "M" if self.patterns["traits.men"].match(name.text) else None

    def _apposed(self, word: Mention, gap: str, name: Mention) -> bool:
        if self.patterns["apposition.but"].search(gap):
            return False
        if self.patterns["apposition.named"].fullmatch(gap):
            return True
        if self.patterns["apposition.is"].fullmatch(gap):
            return True
        first = self.of[name].first == name.start
        titled = self.patterns["apposition.title"].match(name.text)
        return bool(first and titled and self.patterns["apposition.titled"].fullmatch(gap))

    def _word_after(self, name: Mention) -> Mention | None:
        at = self.mentions.index(name) + 1
        if at >= len(self.mentions) or self.mentions[at].kind != WORD:
            return None
        word = self.mentions[at]
        gap = self.told.gap(name, word)
        close = word.word is not None and word.word.kin and "เป็น" in gap
        beside = gap == " " and self.of[name].first == name.start and self._same_sex(word, name)
        sure = close or beside or self.told.text[word.end : word.end + 3] == "แท้"
        fits = self._agree(word, name) and self.patterns["apposition.after"].fullmatch(gap)
        return word if word not in self.of and fits and sure else None

    def _same_sex(self, word: Mention, name: Mention) -> bool:
        """Whether title and kin word both say a sex, and the same."""
        sex = self.sex(name)
        return sex is not None and word.word is not None and word.word.kin and word.word.sex == sex

    def _by_word(self, mention: Mention) -> Figure:
        """Somebody known by the same word, a child spoken of before, or somebody new."""
        word = mention.word
        if word is None:
            return Figure()
        owner = self.of.get(self.owner[mention]) if mention in self.owner else None
        for figure in sorted(self.found, key=lambda f: -self._last(f, mention.start)):
            if self._same(figure, word, mention.text) and self._fits(figure, owner):
                return figure
        if word.id in PARENTS and (owner is None or owner.young):
            parent = self._parent(mention, word)
            if parent is not None:
                return parent
        if word.role == "client" and self._predicated(mention):
            return self._predicated(mention) or Figure()
        if word.young and not word.kin and owner is None:
            before = [f for f in self.found if self._last(f, mention.start) >= 0]
            children = [f for f in before if f.young]
            named = [f for f in before if f.named and not f.words] if not children else []
            some = children or (named if mention.text == "น้อง" else [])
            if some:
                return max(some, key=lambda f: self._last(f, mention.start))
        return Figure()

    def _parent(self, mention: Mention, word: Word) -> Figure | None:
        """Beside children, the one grown person of that sex named before and nobody's other kin."""
        before = [f for f in self.found if f.mentions and f.first < mention.start]
        if self.speaker.mentions or not any(f.young for f in before):
            return None
        grown = [f for f in before if f.named and not f.young and not f.official]
        grown = [f for f in grown if self._figure_sex(f) == word.sex and self._unrelated(f)]
        return grown[0] if len(grown) == 1 else None

    def _figure_sex(self, figure: Figure) -> str | None:
        titled = (self.sex(m) for m in figure.mentions if m.kind == NAME)
        said = (w.sex for w in figure.words.values())
        return next((sex for sex in [*titled, *said] if sex), None)

    def _unrelated(self, figure: Figure) -> bool:
        """Whether only words of a partner or a parent are used of them, none of other kin."""
        kin = {w.id for w in figure.words.values() if w.kin}
        return kin <= PARTNERS | PARENTS and "reporter" not in figure.words

    def _predicated(self, mention: Mention) -> Figure | None:
        """Of whom it is said that they are what the word says ("… is a patient")."""
        lead = self.told.text[max(0, mention.start - 8) : mention.start]
        if not self.patterns["predicate"].search(lead):
            return None
        near = [f for f in self.found if 0 <= mention.start - self._last(f, mention.start) < UNTOLD]
        return max(near, key=lambda f: self._last(f, mention.start)) if near else None

    def _same(self, figure: Figure, word: Word, form: str) -> bool:
        if word.id in PARTNERS and PARTNERS & figure.words.keys():
            sexes = {w.sex for n, w in figure.words.items() if n in PARTNERS} - {None}
            return not (word.sex and sexes) or word.sex in sexes
        if word.kin or word.official or word.role or word.young:
            law = f"{word.id}_in_law" in figure.words
            return word.id in figure.words or law or self._shortened(figure, form)
        return any(m.text == form for m in figure.mentions) or self._prefixed(figure, form)

    def _shortened(self, figure: Figure, form: str) -> bool:
        """The same word in a longer form, or a younger sibling called by the short one."""
        return any(
            m.kind == WORD and m.text != form and m.text.startswith(form) and not m.word.young
            for m in figure.mentions
            if m.word
        ) or (
            form.startswith("น้อง")
            and form != "น้อง"
            and any(m.kind == WORD and m.text == "น้อง" for m in figure.mentions)
        )

    def _prefixed(self, figure: Figure, form: str) -> bool:
        return any(m.kind == NAME and m.text.startswith(form) for m in figure.mentions)

    def _fits(self, figure: Figure, owner: Figure | None) -> bool:
        owners = {self.of.get(self.owner[m]) for m in figure.mentions if m in self.owner}
        return owner is None or not owners or owner in owners

    def _last(self, figure: Figure, before: int) -> int:
        return max((m.start for m in figure.mentions if m.start < before), default=-1)


def _same_name(name: str, known: str) -> bool:
    """The same first name, or one the beginning of the other."""
    short, long = sorted((name, known), key=len)
    return name == known or (len(short) >= SHORTEST and long.startswith(short))
