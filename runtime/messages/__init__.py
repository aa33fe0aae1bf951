"""Words the product says, by stable code, from reviewed files in Thai and English.

Every room adds its own ``<room>.<lang>.yaml`` beside this module; keys are dotted
codes and are unique over all files.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

LANGUAGES = ("th", "en")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All sentences of one language, keyed by code."""
    words: dict[str, str] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(f".{lang}.yaml"):
            words.update(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    return words


def sentence(code: str, lang: str = "th", **details: object) -> str:
    """The sentence for ``code`` with its named places filled; the code itself if unwritten."""
    template = catalogue(lang if lang in LANGUAGES else "th").get(code, code)
    try:
        return template.format(**details)
    except (KeyError, IndexError):
        return template
