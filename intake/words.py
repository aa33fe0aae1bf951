"""Groups of words for one concept, as pattern text: rules fill them in, a classifier sees them.

Groups that serve every rule file stand in ``intake-words.yaml``; those of the red flags (who, with
what, how pressing) in ``red-flag-words.yaml``. ``rule-words.yaml`` holds what rules alone use. A
group may use the groups named before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

FILES = ("intake-words.yaml", "red-flag-words.yaml")
"""What the classifier of red flags learns from too: a change here learns it anew."""
RULE_FILES = (*FILES, "rule-words.yaml")
_WORD = re.compile(r"<([a-z0-9_]+)>")


@cache
def load_words(data_dir: Path = DATA, files: tuple[str, ...] = RULE_FILES) -> Mapping[str, str]:
    """Word groups by name, as pattern text."""
    groups: dict[str, str] = {}
    for file in files:
        for name, words in unmarked(read_marked(data_dir / file))["groups"].items():
            groups[name] = "(?:" + "|".join(filled(w, groups) for w in words) + ")"
    return groups


def filled(word: str, groups: Mapping[str, str]) -> str:
    """A pattern with every ``<group>`` in it written out."""
    return _WORD.sub(lambda m: groups[m[1]], word)


@cache
def concepts(data_dir: Path = DATA) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The word groups a classifier sees, compiled."""
    groups = load_words(data_dir, FILES).items()
    return tuple((name, re.compile(pattern)) for name, pattern in groups)
