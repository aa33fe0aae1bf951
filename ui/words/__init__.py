"""The words of the pages in Thai and English, from reviewed files beside this module."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

LANGUAGES = ("th", "en")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All words of one language, keyed by a dotted name."""
    file = resources.files(__package__).joinpath(f"{lang}.yaml")
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def say(key: str, lang: str, /, **places: object) -> str:
    """The words for ``key`` with their places filled; the key itself if nobody wrote them."""
    words = catalogue(lang if lang in LANGUAGES else "th").get(key, key)
    return words.format(**places) if places else words
