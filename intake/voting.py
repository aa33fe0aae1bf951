"""Another reader's vote on the codes of a story: what it may say, and how much that weighs.

A vote only adds: a voted code gains a fixed number of log odds, whoever votes, and nothing is lost
by a code that got none, so that a silent or hostile reader hides nothing. Red flags never hear of
votes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from intake.narrative import Narrative
from intake.schemas import Span

Codes = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Votes:
    """Codes voted for with their words in the story, or a ``note``: the reason there are none."""

    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    note: str = ""


NONE = Votes()
Voter = Callable[[Narrative, Codes], Votes]
"""Votes on a story; given the codes it may name, each with its label. Never raises."""


def with_vote(chance: float, weight: float) -> float:
    """A chance (0-1, ends excluded) with so many log odds more."""
    return 1 / (1 + (1 - chance) / chance * math.exp(-weight))
