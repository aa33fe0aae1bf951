"""Words and letter sequences of a text as weighted features, and where each of them stands.

Features are hashed, so no vocabulary is kept; weights are tf-idf, each text of length one.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pythainlp.corpus import thai_words
from pythainlp.tokenize import word_tokenize
from scipy.sparse import csr_matrix

SPACE = 2**22
SHORTEST, LONGEST = 2, 5
Place = tuple[str, int, int]
Floats = NDArray[np.float32]


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


def words(text: str) -> list[Place]:
    """Words and pairs of neighbouring words, each with its place."""
    single = tokens(text)
    pairs = [(f"{a[0]} {b[0]}", a[1], b[2]) for a, b in pairwise(single)]
    return single + pairs


def letters(text: str) -> list[Place]:
    """Sequences of two to five letters, each with its place."""
    return [
        (text[at : at + size], at, at + size)
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(text) - size + 1)
    ]


FAMILIES: dict[str, Callable[[str], list[Place]]] = {"words": words, "letters": letters}


@dataclass(frozen=True)
class Grams:
    """One family of features: the hashed ``columns`` that are known and their ``idf``."""

    family: str
    columns: NDArray[np.int64]
    idf: Floats

    @classmethod
    def learned(cls, family: str, texts: Sequence[str], least: int) -> Grams:
        """The features that stand in at least ``least`` of the texts."""
        seen = Counter(key for t in texts for key in {_key(p[0]) for p in FAMILIES[family](t)})
        kept = sorted(key for key, count in seen.items() if count >= least)
        counts = np.array([seen[key] for key in kept], np.float32)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(family, np.array(kept, np.int64), idf.astype(np.float32))

    def rows(self, texts: Sequence[str]) -> csr_matrix[Any]:
        """``(len(texts), len(columns))``, every row of length one."""
        values: list[Floats] = []
        indices: list[NDArray[np.int64]] = []
        for text in texts:
            at, weight, _ = self._weighted(text)
            indices.append(at)
            values.append(weight)
        ends = np.cumsum([0, *(len(i) for i in indices)])
        data = np.concatenate(values) if values else np.zeros(0, np.float32)
        where = np.concatenate(indices) if indices else np.zeros(0, np.int64)
        made = csr_matrix((data, where, ends), shape=(len(texts), len(self.columns)))
        made.sum_duplicates()
        return made

    def spread(self, text: str, coefficients: Floats, chosen: NDArray[np.intp]) -> Floats:
        """What each letter adds to the chosen scores: ``(len(text), len(chosen))``."""
        at, weight, places = self._weighted(text)
        share = np.zeros((len(text) + 1, len(chosen)), np.float32)
        if not len(at):
            return share[:-1]
        lengths = np.array([e - s for s, e in places], np.float32)
        each = coefficients[at[:, None], chosen] * (weight / lengths)[:, None]
        np.add.at(share, [s for s, _ in places], each)
        np.subtract.at(share, [e for _, e in places], each)
        spread: Floats = np.cumsum(share, axis=0)[: len(text)]
        return spread

    def _weighted(self, text: str) -> tuple[NDArray[np.int64], Floats, list[tuple[int, int]]]:
        """Column, weight and place of every occurrence of a known feature."""
        found = FAMILIES[self.family](text)
        keys = np.array([_key(p[0]) for p in found], np.int64)
        at = np.searchsorted(self.columns, keys)
        at[at == len(self.columns)] = 0
        known = self.columns[at] == keys if len(self.columns) else np.zeros(len(keys), bool)
        at = at[known]
        places = [(p[1], p[2]) for p, k in zip(found, known, strict=True) if k]
        _, back, often = np.unique(at, return_inverse=True, return_counts=True)
        total = (1 + np.log(often)) * self.idf[at[np.unique(back, return_index=True)[1]]]
        length = float(np.sqrt((total**2).sum())) or 1.0
        weight = (total / often / length)[back]
        return at, weight.astype(np.float32), places


def _key(gram: str) -> int:
    return zlib.crc32(gram.encode()) % SPACE
