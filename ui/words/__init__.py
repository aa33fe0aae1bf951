"""The words of the pages in Thai and English, from reviewed files beside this module."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from ui import numerals

LANGUAGES = ("th", "en")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All words of one language, keyed by a dotted name: ``th.yaml`` and every ``AREA.th.yaml``.

    Raises ValueError when two files write the same key.
    """
    words: dict[str, str] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda f: f.name):
        if file.name == f"{lang}.yaml" or file.name.endswith(f".{lang}.yaml"):
            read: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
            if twice := words.keys() & read.keys():
                raise ValueError(f"{file.name} writes {sorted(twice)} once more")
            words |= read
    return words


def say(key: str, lang: str, /, **places: object) -> str:
    """The words for ``key`` with their places filled; the key itself if nobody wrote them."""
    words = catalogue(lang if lang in LANGUAGES else "th").get(key, key)
    if numerals.chosen(lang):
        words = numerals.template(words)
        places = {name: numerals.value(given) for name, given in places.items()}
    return words.format(**places) if places else words
