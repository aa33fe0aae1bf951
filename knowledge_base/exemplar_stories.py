"""Short stories of the exemplar bank: problems told together, in passing, as people tell them.

The bank's sentences say one problem each and say it plainly. These stories were written, without
reading a story the coder is measured on, to teach how problems are told beside one another, and to
weigh rules and classifiers on stories that neither was written with.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.entries import Frozen
from knowledge_base.exemplars import Exemplar, load_sentences
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

STORY_FOLDER = "exemplar-stories"


class ExemplarStory(Frozen):
    """The sentences of one story in their order, each with the codes it shows."""

    sentences: tuple[Exemplar, ...]

    @property
    def text(self) -> str:
        """The story."""
        return " ".join(s.text for s in self.sentences)

    @property
    def codes(self) -> frozenset[str]:
        """Every code the story shows."""
        return frozenset().union(*(s.codes for s in self.sentences))


@cache
def load_exemplar_stories(data_dir: Path = DATA) -> tuple[ExemplarStory, ...]:
    """All stories in the order of their files."""
    return tuple(
        _story(row["sentences"])
        for file in sorted((data_dir / STORY_FOLDER).glob("*.yaml"))
        for row in unmarked(read_marked(file))["stories"]
    )


@cache
def load_code_exemplars(data_dir: Path = DATA) -> tuple[Exemplar, ...]:
    """Every sentence the codes are learned from: all authors' and, last, those of the stories."""
    told = (s for story in load_exemplar_stories(data_dir) for s in story.sentences)
    return (*load_sentences(data_dir), *told)


def _story(rows: Iterable[dict[str, Any]]) -> ExemplarStory:
    """A sentence without a code belongs to the code it sounds like, else to the story's first."""
    rows = list(rows)
    first = next(str(code) for row in rows for code in row.get("shows", ()))
    return ExemplarStory(sentences=tuple(_sentence(row, first) for row in rows))


def _sentence(row: dict[str, Any], first: str) -> Exemplar:
    shown = [str(code) for code in row.get("shows", ())]
    home = shown[0] if shown else str(row.get("like", first))
    return Exemplar(text=str(row["text"]), home=home, codes=frozenset(shown))
