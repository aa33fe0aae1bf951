"""Section numbers that a question names, as the patterns of ``data/references.yaml`` find them."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

from knowledge_base.words import repaired


def named_sections(query: str) -> frozenset[str]:
    """The section numbers a question names, in Arabic digits."""
    text = repaired(query)
    return frozenset(m.group(1) for pattern in _patterns() for m in pattern.finditer(text))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    file = resources.files("knowledge_base").joinpath("data/references.yaml")
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(re.compile(pattern) for pattern in rows["section"])
