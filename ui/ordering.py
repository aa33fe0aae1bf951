"""Thai dictionary order: a leading vowel sorts after its consonant, tone marks count last."""

from __future__ import annotations

import re
from collections.abc import Mapping

LEADING = re.compile(r"([\u0e40-\u0e44])([\u0e01-\u0e2e])")
MARKS = re.compile(r"[\u0e47-\u0e4e]")


def place(words: str) -> tuple[str, str]:
    """What to sort Thai words by, as the Royal Institute's dictionary orders them."""
    bare = MARKS.sub("", words.casefold())
    return LEADING.sub(r"\2\1", bare), words


def ordered(words: Mapping[str, str]) -> dict[str, str]:
    """A mapping in the order of its words."""
    return dict(sorted(words.items(), key=lambda item: place(item[1])))
