"""One text being read for identifying words: segmented once, asked where words begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from pythainlp.corpus import thai_words
from pythainlp.tag import pos_tag
from pythainlp.tokenize import word_tokenize
from pythainlp.util import dict_trie

from intake.privacy_rules import PrivacyRules, load_privacy_rules

TREEBANK = "tud"
RUN = re.compile(r"[ก-ฺเ-ๅ็-๎]+")  # names hold no sign of repetition
INITIALS = re.compile(r"[ก-ฮ]+")
ABOVE_OR_BELOW = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")
LEADING = frozenset("เแโใไ")


@cache
def _dictionary() -> Any:
    """PyThaiNLP's words and the joined ones it would divide in the wrong place."""
    return dict_trie(thai_words() | load_privacy_rules().joined)


def segmented(text: str) -> list[str]:
    """Words of ``text``; joined they are the text again."""
    words: list[str] = word_tokenize(
        text, custom_dict=_dictionary(), engine="newmm-safe", keep_whitespace=True
    )
    return words if "".join(words) == text else list(text)


def is_word(word: str) -> bool:
    """Whether the dictionary has ``word``, single letters aside."""
    return len(word) > 1 and (word in thai_words() or word in load_privacy_rules().joined)


def initials(word: str) -> bool:
    """Whether ``word`` is letters standing for words, as of an office: no vowel, at most four."""
    return len(word) <= 4 and bool(INITIALS.fullmatch(word))


@dataclass(frozen=True)
class Reading:
    """A text with its words."""

    text: str
    rules: PrivacyRules

    @cached_property
    def words(self) -> list[str]:
        """The words in order."""
        return segmented(self.text)

    @cached_property
    def ends(self) -> dict[int, int]:
        """Where each word that begins at an offset ends."""
        ends, at = {}, 0
        for word in self.words:
            ends[at] = at + len(word)
            at += len(word)
        return ends

    @cached_property
    def stops(self) -> frozenset[int]:
        """Offsets at which a word ends."""
        return frozenset(self.ends.values())

    @cached_property
    def tagged(self) -> list[tuple[str, str]]:
        """Each word with its part of speech."""
        found: list[tuple[str, str]] = pos_tag(self.words, corpus=TREEBANK) if self.words else []
        return found

    @cached_property
    def tags(self) -> dict[int, str]:
        """Parts of speech by where their words begin."""
        return dict(zip(self.ends, (tag for _, tag in self.tagged), strict=True))

    def run(self, at: int) -> int:
        """Where the unbroken Thai text from ``at`` on ends; ``at`` itself if there is none."""
        found = RUN.match(self.text, at)
        return found.end() if found and self.text[at] not in ABOVE_OR_BELOW else at

    def begins(self, at: int) -> bool:
        """Whether a word, or a stretch of Thai text, begins at ``at``."""
        return at == 0 or at in self.ends or not self.thai(at - 1)

    @cached_property
    def befores(self) -> dict[int, str]:
        """The word that ends at an offset."""
        return {end: self.text[start:end] for start, end in self.ends.items()}

    def after_word(self, at: int) -> bool:
        """Whether what stands before ``at`` is a whole word or no Thai letter."""
        return at == 0 or not self.thai(at - 1) or is_word(self.befores.get(at, ""))

    def thai(self, at: int) -> bool:
        """Whether the character at ``at`` is a Thai letter or sign."""
        return at < len(self.text) and bool(RUN.match(self.text, at))

    def cut(self, at: int) -> bool:
        """Whether ``at`` may divide two words: no sign hangs on what is before."""
        after = self.text[at : at + 1]
        return not after or after not in ABOVE_OR_BELOW

    def between(self, start: int, stop: int) -> list[str]:
        """The words between two offsets, segmented anew where ``start`` is inside a word."""
        if start not in self.ends:
            return segmented(self.text[start:stop])
        found = []
        while start < stop:
            end = min(self.ends.get(start, stop), stop)
            found.append(self.text[start:end])
            start = end
        return found

    def compound(self, start: int, end: int) -> int:
        """Where the longer word of the dictionary ends that begins with ``text[start:end]``.

        ``end`` itself if it is a word of its own. The text after the longer word must again be a
        word, or none: a name that begins with the same letters leaves a rest that is no word.
        """
        stop = self.ends.get(start, end)
        if stop <= end or not is_word(self.text[start:stop]):
            return end
        rest = self.text[stop : self.ends.get(stop, stop)]
        return stop if not self.thai(stop) or is_word(rest) else end
