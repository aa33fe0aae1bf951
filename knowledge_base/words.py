"""Thai text as the lexical legs read it: repaired, segmented, and as character 3-grams."""

from __future__ import annotations

import re
import unicodedata

from pythainlp.tokenize import word_tokenize

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\ufeff\u00ad]")
_SPLIT_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_NOT_WORD = re.compile(r"[^\w\u0e00-\u0e7f]+")


def respelled(text: str) -> str:
    """What is seen, in one way to write it: NFC, joined sara am, no zero-width."""
    return _SPLIT_AM.sub("\\1\u0e33", unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text)))


def repaired(text: str) -> str:
    """One spelling for each text: as `respelled`, Arabic digits, lower case."""
    return respelled(text).translate(_DIGITS).lower()


def words(text: str) -> list[str]:
    """The words of a text, without spaces and punctuation."""
    found = word_tokenize(repaired(text), engine="newmm-safe", keep_whitespace=False)
    return [w for w in (_NOT_WORD.sub("", w) for w in found) if w]


def trigrams(text: str) -> list[str]:
    """Character 3-grams within runs of letters and digits."""
    runs = _NOT_WORD.split(repaired(text))
    return [run[i : i + 3] for run in runs for i in range(max(1, len(run) - 2)) if run]
