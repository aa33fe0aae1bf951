"""A stretch of text and what can be counted of it: words, letter sequences, concepts, with places.

Each is read once, however often and by whomever it is asked for: tokenising and counting are most
of the work of coding a story, and all of the work of learning that is not algebra.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from pythainlp.corpus import thai_words
from pythainlp.tokenize import word_tokenize

from intake.words import concepts

SPACE = 2**22
SHORTEST, LONGEST = 2, 5
REACH = 5  # words
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Features:
    """Hashed ``keys`` ``(n,)`` of one family and the ``places`` ``(n, 2)`` where each stands."""

    keys: NDArray[np.int64]
    places: NDArray[np.int32]


class Piece:
    """A text of a few sentences at most."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._features: dict[str, Features] = {}

    @cached_property
    def tokens(self) -> list[Place]:
        """The words, spaces left out, each with its place."""
        return tokens(self.text)

    def features(self, family: str) -> Features:
        """Every occurrence of a feature of one of `FAMILIES`, in the order it counts them."""
        if family not in self._features:
            found = FAMILIES[family](self)
            keys = np.array([key(f[0]) for f in found], np.int64)
            places = np.array([f[1:] for f in found], np.int32).reshape(len(found), 2)
            self._features[family] = Features(keys, places)
        return self._features[family]


def pieces(texts: Iterable[str]) -> list[Piece]:
    """Texts, each to be read once."""
    return [Piece(text) for text in texts]


def key(gram: str) -> int:
    """The hash of a feature, below `SPACE`."""
    return zlib.crc32(gram.encode()) % SPACE


@cache
def dictionary() -> frozenset[str]:
    """The words of PyThaiNLP's dictionary."""
    return frozenset(thai_words())


def tokens(text: str) -> list[Place]:
    """The words of a text, spaces left out, each with its place."""
    found: list[Place] = []
    at = 0
    for token in word_tokenize(text, engine="newmm-safe", keep_whitespace=True):
        if not token.isspace():
            found.append((token, at, at + len(token)))
        at += len(token)
    return found


def words(piece: Piece) -> list[Place]:
    """Words and pairs of neighbouring words, each with its place."""
    single = piece.tokens
    pairs = [(f"{a[0]} {b[0]}", a[1], b[2]) for a, b in pairwise(single)]
    return single + pairs


def letters(piece: Piece) -> list[Place]:
    """Sequences of two to five letters, each with its place."""
    text = piece.text
    return [
        (text[at : at + size], at, at + size)
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(text) - size + 1)
    ]


def companions(piece: Piece) -> list[Place]:
    """Pairs of words that stand near each other with others between, whichever comes first."""
    single = [t for t in piece.tokens if len(t[0]) > 1]
    return [
        (" ".join(sorted((a[0], b[0]))), a[1], b[2])
        for at, a in enumerate(single)
        for b in single[at + 2 : at + 2 + REACH]
    ]


def concept_pairs(piece: Piece) -> list[Place]:
    """The word groups of which a word stands in the text, alone and two together."""
    searched = ((name, pattern.search(piece.text)) for name, pattern in concepts())
    hits = [(name, m.start(), m.end()) for name, m in searched if m and m.end() > m.start()]
    both = [(f"{a[0]}+{b[0]}", min(a[1], b[1]), max(a[2], b[2])) for a, b in combinations(hits, 2)]
    return hits + both


FAMILIES: dict[str, Callable[[Piece], list[Place]]] = {
    "words": words,
    "letters": letters,
    "companions": companions,
    "concepts": concept_pairs,
}
