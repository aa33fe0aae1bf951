"""How schemes go together: both, one of them, one before the other, or a warning to check."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked


class Together(StrEnum):
    """What two schemes are to each other."""

    BOTH = "both"  # may be received at the same time
    ONE_OF = "one_of"  # only one of them at a time
    FIRST = "first"  # the first of the row is asked for before the others
    SAME_CAUSE = "same_cause"  # an officer checks that one cause is not paid twice


class Interaction(Frozen):
    """A rule between two or more schemes. Only evidence ``V`` may exclude anybody."""

    id: str
    schemes: tuple[str, ...] = Field(min_length=2)
    rule: Together
    th: str
    en: str | None = None
    evidence: str
    sources: tuple[str, ...] = ()


def load_interactions(data_dir: Path) -> tuple[Interaction, ...]:
    """The rules of ``interactions.yaml``, in the order of the file."""
    rows = unmarked(read_marked(data_dir / "interactions.yaml"))["interactions"]
    return tuple(Interaction.model_validate(row) for row in rows)


def between(
    rules: Iterable[Interaction], scheme: str, others: Collection[str]
) -> tuple[Interaction, ...]:
    """The rules of a scheme with any of the others."""
    return tuple(
        rule for rule in rules if scheme in rule.schemes and set(rule.schemes) & set(others)
    )
