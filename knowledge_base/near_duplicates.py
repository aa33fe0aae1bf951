"""Documents that say nearly the same, found by min-wise signatures of their character shingles.

Spacing, digits and split vowels do not count. The share of equal places in two signatures is an
unbiased estimate of the share of shingles both documents hold (Jaccard; standard error at most
1/(2·sqrt(128)) = 0.044).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from knowledge_base.words import repaired

PLACES = 128
SHINGLE = 9
NEAR = 0.8
Signature = NDArray[np.uint32]
_BLANK = re.compile(r"\s+")
_SEEDS = np.random.default_rng(20_569).integers(
    1, 2**63, size=(PLACES, 2), dtype=np.uint64
) | np.uint64(1)


def signature(text: str) -> Signature:
    """The signature ``(128,)`` of a text."""
    shingles = _shingles(_BLANK.sub("", repaired(text)))
    places = [int(((shingles * a + b) >> np.uint64(32)).min()) for a, b in _SEEDS]
    return np.array(places, np.uint32)


def similarity(one: Signature, other: Signature) -> float:
    """The estimated share of shingles two texts have in common, 0 to 1."""
    return float(np.mean(one == other))


def _shingles(text: str) -> NDArray[np.uint64]:
    """Hashes of all runs of `SHINGLE` characters; a shorter text is one shingle."""
    points = np.frombuffer(text.ljust(SHINGLE).encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = len(points) - SHINGLE + 1
    hashed = np.zeros(count, np.uint64)
    for place in range(SHINGLE):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + points[place : place + count]
    found: NDArray[np.uint64] = np.unique(hashed ^ (hashed >> np.uint64(29)))
    return found
