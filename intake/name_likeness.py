"""How much more some words look like a name than like ordinary Thai.

Two models compare: names are spelled from the character triples of Thai given and family names,
ordinary text is made of words as often as the Thai National Corpus has them. The difference of
their log probabilities says which one explains the words better, also for names on no list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log

from pythainlp.corpus import (
    thai_family_names,
    thai_female_names,
    thai_male_names,
    thai_orst_words,
    thai_words,
)
from pythainlp.corpus.tnc import word_freqs

from intake.privacy_rules import load_privacy_rules

START, END = "\x02", "\x03"
ALPHABET = 75
UNSEEN_WORD = 0.001
LISTED = 0.5
RARE = 3
JOINED, IN_DICTIONARY = 3000, 300


@dataclass(frozen=True)
class Spelling:
    """A character model: how often one character follows two others, one other, or none."""

    after_two: Mapping[str, int]
    after_one: Mapping[str, int]
    two: Mapping[str, int]
    one: Mapping[str, int]

    def log_probability(self, word: str) -> float:
        """Of the whole word, its end included."""
        marked = START + word + END
        return sum(log(self._next(marked[max(0, i - 2) : i + 1])) for i in range(1, len(marked)))

    def _next(self, triple: str) -> float:
        pair = triple[-2:]
        low = (self.after_one.get(pair, 0) + 5 / ALPHABET) / (self.one.get(pair[0], 0) + 5)
        if len(triple) < 3:
            return low
        return (self.after_two.get(triple, 0) + 5 * low) / (self.two.get(triple[:2], 0) + 5)


def spelled(words: Iterable[str]) -> Spelling:
    """The character model of some words."""
    two, one, after_two, after_one = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for word in words:
        marked = START + word + END
        for i in range(1, len(marked)):
            after_one[marked[i - 1 : i + 1]] += 1
            one[marked[i - 1]] += 1
            if i > 1:
                after_two[marked[i - 2 : i + 1]] += 1
                two[marked[i - 2 : i]] += 1
    return Spelling(after_two, after_one, two, one)


@cache
def given_names() -> frozenset[str]:
    """Thai given names of the lists PyThaiNLP ships, of two characters or more."""
    return frozenset(n for n in thai_female_names() | thai_male_names() if len(n) > 1)


@cache
def nicknames() -> frozenset[str]:
    """Nicknames in common use, from the reviewed list."""
    return load_privacy_rules().nicknames


@cache
def word_counts() -> Mapping[str, int]:
    """How often each word stands in the Thai National Corpus, by PyThaiNLP's copy."""
    return dict(word_freqs())


@cache
def _all_words() -> int:
    return sum(word_counts().values())


@cache
def _models() -> tuple[Spelling, Spelling, Spelling]:
    ordinary = (w for w, n in word_counts().items() if n >= RARE and "ก" <= w[0] <= "๙")
    return (
        spelled(given_names() | nicknames()),
        spelled(thai_family_names()),
        spelled(ordinary),
    )


def given_likeness(name: str, words: Sequence[str]) -> float:
    """Log odds that ``name``, segmented as ``words``, is a given name or nickname."""
    spelling, _, _ = _models()
    share = LISTED / len(nicknames()) if name in nicknames() else 0.0
    share += LISTED / len(given_names()) if name in given_names() else 0.0
    return log(share + (1 - LISTED) * exp(spelling.log_probability(name))) - ordinary(words)


def family_likeness(name: str, words: Sequence[str]) -> float:
    """Log odds that ``name``, segmented as ``words``, is a family name."""
    _, spelling, _ = _models()
    share = LISTED / len(thai_family_names()) if name in thai_family_names() else 0.0
    return log(share + (1 - LISTED) * exp(spelling.log_probability(name))) - ordinary(words)


def ordinary(words: Sequence[str]) -> float:
    """Log probability of ordinary text being these words."""
    return sum(map(_word, words))


def _floor(word: str) -> int:
    """A dictionary word the corpus happens not to have is no name for that."""
    rules = load_privacy_rules()
    if word in rules.joined:
        return JOINED
    name = word in given_names() or word in thai_family_names()
    return 0 if name or not _ordinary_word(word) else IN_DICTIONARY


def _ordinary_word(word: str) -> bool:
    """A word of the official dictionary, or two of them joined."""
    official = thai_orst_words()
    return word in official or (
        word in thai_words()
        and any(word[:i] in official and word[i:] in official for i in range(2, len(word) - 1))
    )


@cache
def _word(word: str) -> float:
    _, _, spelling = _models()
    known = max(word_counts().get(word, 0), _floor(word)) / _all_words()
    return log(known + UNSEEN_WORD * exp(spelling.log_probability(word)))
