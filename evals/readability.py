"""How hard Thai sentences are to read: length in words, rare words, and long words.

There is no agreed formula for Thai, so the plain counts are given and nothing is folded into a
grade. A sentence is what the draft holds as one; words are the dictionary tokeniser's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from statistics import mean

from pythainlp.corpus import ttc

from evals.statistics import NotMeasurable
from knowledge_base.words import words

LONG_WORD = 10  # letters
LONG_SENTENCE = 40  # words
COMMON = 5000  # most frequent words of the Thai textbook corpus


def readability(sentences: Iterable[str]) -> dict[str, float]:
    """Counts over sentences that have words. Raises `NotMeasurable` when none has."""
    read = [found for s in sentences if (found := words(s))]
    if not read:
        raise NotMeasurable(metric="readability", reason="no words")
    all_words = [w for found in read for w in found]
    return {
        "words_per_sentence": mean(len(found) for found in read),
        "long_sentences": mean(len(found) > LONG_SENTENCE for found in read),
        "long_words": mean(len(w) > LONG_WORD for w in all_words),
        "uncommon_words": mean(w not in _common() and not w.isdigit() for w in all_words),
    }


@cache
def _common() -> frozenset[str]:
    return frozenset(word for word, _ in sorted(ttc.word_freqs(), key=lambda f: -f[1])[:COMMON])
