"""Where a story speaks of people: names, words of kin and role, oneself, pronouns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from pythainlp.corpus import thai_words
from pythainlp.tokenize import word_tokenize
from pythainlp.util import dict_trie

from intake.people_words import PeopleWords, Word, load_people_words
from intake.person_names import person_names
from intake.placeholders import bare_name
from intake.privacy_rules import load_privacy_rules
from intake.reading import Reading as NameReading
from intake.reading import is_word

NAME, WORD, SELF, PRONOUN = "name", "word", "self", "pronoun"
QUOTED = re.compile(r"\"[^\"\n]{2,400}\"|“[^”\n]{2,400}”")
TWICE = 2
SHORT = 2  # letters; a word no longer has no other inside
OPENING = 400


@cache
def _dictionary() -> Any:
    """PyThaiNLP's words, the joined ones and those of the people of stories."""
    joined, people = load_privacy_rules().joined, load_people_words()
    return dict_trie((thai_words() | joined | people.all_words()) - people.apart)


@dataclass(frozen=True)
class Mention:
    """One place where somebody is spoken of: ``text[start:end]``."""

    start: int
    end: int
    kind: str
    text: str
    word: Word | None = None
    quoted: bool = False


@dataclass
class Told:
    """A story with its people's words found."""

    text: str
    words: PeopleWords = field(default_factory=load_people_words)

    @cached_property
    def quotes(self) -> list[tuple[int, int]]:
        """Stretches of direct speech."""
        return [m.span() for m in QUOTED.finditer(self.text)]

    @cached_property
    def names(self) -> list[Mention]:
        """Names of people, with the titles and words of kin in front of them."""
        reading = NameReading(self.text, load_privacy_rules())
        return [
            Mention(e.start, e.end, NAME, self.text[e.start : e.end], self._prefix(e.start, e.end))
            for e in person_names(reading)
            if self._of_a_person(e.start, e.end)
        ]

    def _of_a_person(self, start: int, end: int) -> bool:
        """Whether a name is a person's, and no ship's, shop's or account's."""
        words, patterns = self.text[start:end].strip(), self.words.patterns
        before = self.text[max(0, start - 28) : start]
        thing = patterns["not_person"]
        bare = " ".join(bare_name(words))
        return not (
            words in self.words.words
            or patterns["things"].match(self.text[start : end + 8])
            or thing.search(before)
            or thing.match(words)
            or patterns["not_names"].match(bare)
        )

    @cached_property
    def mentions(self) -> list[Mention]:
        """All mentions in order, without overlap; names go before other words."""
        taken = [(n.start, n.end) for n in self.names]
        others = [m for m in self._others() if not any(a < m.end and m.start < b for a, b in taken)]
        oneself = self._oneself(others)
        kept = [self._as_self(m, oneself) for m in others]
        return sorted([*self.names, *(m for m in kept if m)], key=lambda m: m.start)

    def gap(self, before: Mention, after: Mention) -> str:
        """What stands between two mentions."""
        return self.text[before.end : after.start]

    def _others(self) -> Iterator[Mention]:
        starts, ends = self._edges
        for match in self.words.longest.finditer(self.text):
            if match.start() not in starts or match.end() not in ends:
                continue
            form = match.group()
            word = self.words.words.get(form)
            kind = PRONOUN if form in self.words.pronouns else WORD if word else SELF
            if word and not self._means_somebody(word, match):
                continue
            quoted = any(a <= match.start() < b for a, b in self.quotes)
            yield Mention(*match.span(), kind, form, word, quoted)

    @cached_property
    def _tokens(self) -> list[str]:
        cut: list[str] = word_tokenize(
            self.text, custom_dict=_dictionary(), engine="newmm-safe", keep_whitespace=True
        )
        return cut

    @cached_property
    def _edges(self) -> tuple[frozenset[int], frozenset[int]]:
        at, starts, ends = 0, set(), set()
        for token in self._tokens:
            starts.add(at)
            at += len(token)
            ends.add(at)
        return frozenset(starts), frozenset(ends)

    def part_of_word(self, start: int, end: int) -> bool:
        """Whether a stretch is only letters of a longer word, not a word joined with another."""
        word = next((w for w in self._long_words if w[0] < end and start < w[1]), None)
        if word is None or (start <= word[0] and word[1] <= end):
            return False
        rest = self.text[end : word[1]]
        return start != word[0] or (len(rest) > 0 and not is_word(rest))

    @cached_property
    def _long_words(self) -> list[tuple[int, int]]:
        """Where the dictionary's words of three letters or more stand."""
        at, found = 0, []
        for token in self._tokens:
            if len(token) > SHORT and is_word(token):
                found.append((at, at + len(token)))
            at += len(token)
        return found

    def _means_somebody(self, word: Word, match: re.Match[str]) -> bool:
        before = self.text[max(0, match.start() - 8) : match.start()]
        if word.official and self.words.patterns["predicate"].search(before):
            return False
        return not word.wary or self._of_people(match)

    def _of_people(self, match: re.Match[str]) -> bool:
        """Whether a word with another meaning stands as one for a person."""
        after = self.text[match.end() : match.end() + 8].lstrip()
        before = self.text[max(0, match.start() - 10) : match.start()]
        rules = load_privacy_rules()
        follows = any(after.startswith(w) for w in rules.followers if len(w) > 1)
        return follows or before.rstrip().endswith(("กับ", "ของ", "ให้", "ชื่อ", "และ", "บ้าน"))

    def _prefix(self, start: int, end: int) -> Word | None:
        words = self.text[start:end]
        bare = " ".join(bare_name(words))
        if bare == " ".join(words.split()):
            return None
        prefix = words[: len(words) - len(bare)].strip() if words.endswith(bare) else ""
        found = self.words.words.get(prefix)
        return found or next(
            (
                w
                for form, w in self._longest_first
                if len(words) > len(form) + 1 and words.startswith(form)
            ),
            None,
        )

    @cached_property
    def _longest_first(self) -> list[tuple[str, Word]]:
        return sorted(self.words.words.items(), key=lambda item: -len(item[0]))

    def _oneself(self, others: list[Mention]) -> frozenset[str]:
        """The words by which the one who tells calls themself."""
        said = Counter(m.text for m in others if m.kind == SELF and not m.quoted)
        sure = {w for w, n in said.items() if w in self.words.always or n >= TWICE}
        return frozenset(sure) if sure else self._named_self(others)

    def _named_self(self, others: list[Mention]) -> frozenset[str]:
        for m in others:
            after = self.text[m.end : m.end + 6]
            if m.text in self.words.named and m.start < OPENING and after.startswith("ชื่อ"):
                before = self.text[max(0, m.start - 8) : m.start].rstrip()
                if not before or not before[-1].isalpha() or before.endswith(("นะ", "ค่ะ", "คะ")):
                    return frozenset({m.text})
        office = [m for m in others if m.text == self.words.office and not m.quoted]
        return frozenset({self.words.office}) if len(office) >= TWICE else frozenset()

    def _as_self(self, mention: Mention, oneself: frozenset[str]) -> Mention | None:
        if mention.text in oneself and not mention.quoted:
            return Mention(mention.start, mention.end, SELF, mention.text, mention.word)
        return None if mention.kind == SELF else mention
