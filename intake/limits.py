"""What the fitted weights may not decide alone: limits people set (``coding-limits.yaml``).

Weights learned from whole stories have two blind spots. They can doubt away a rule that named a
danger in plain words, and they take the best of a short harmless text for a problem, because what
is best is measured within the text.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from intake.cues import Cue
from intake.learning import CodeSigns
from intake.schemas import Role
from intake.weighing import ENOUGH, load_weights
from knowledge_base.library import DATA
from knowledge_base.marked_yaml import read_marked, unmarked

UNHEARD = 0.001  # a chance


@dataclass(frozen=True)
class Limits:
    """The numbers of ``coding-limits.yaml``, explained there."""

    firm: float
    naming: float
    named: tuple[str, ...]
    heard: float
    offered: float
    flag_heard: float
    sure_alone: float
    short: float


@cache
def load_limits(data_dir: Path = DATA) -> Limits:
    """The limits of ``coding-limits.yaml``."""
    data = unmarked(read_marked(data_dir / "coding-limits.yaml"))
    return Limits(**{**data, "named": tuple(data["named"])})


def shortness(windows: int) -> float:
    """1 for a text of one window, sinking to 0 for the shortest story the weights know."""
    return max(0.0, (ENOUGH - max(windows, 1)) / (ENOUGH - 1))


def audible(
    chances: Mapping[str, float],
    signs: CodeSigns,
    cues: Mapping[str, Cue],
    denied: Container[str] = (),
) -> dict[str, float]:
    """Chances by code. Where no rule fired: in a short text less if the meaning is faint, and no
    more than an offer if the rules found their words and found them ``denied``.
    """
    limits, short = load_limits(), shortness(signs.windows)

    def heard(code: str, chance: float) -> float:
        strength = next((s.strength for s in signs.of(code)), 0.0)
        if code in cues or (strength >= limits.heard * short and code not in denied):
            return chance
        return min(chance, _only_offered() if strength >= limits.offered * short else UNHEARD)

    return {code: heard(code, chance) for code, chance in chances.items()}


def floor(cue: Cue | None) -> float:
    """The chance below which a rule that fired may not be weighed: 0 for one that is not firm."""
    limits, weights = load_limits(), load_weights()
    if cue is None or cue.role is not Role.SECONDARY or cue.score < limits.firm:
        return 0.0
    names = cue.score >= limits.naming and cue.code.startswith(limits.named)
    return weights.threshold if names else weights.unsure


def is_short(windows: int) -> bool:
    """Whether a text is so short that words of a rule seldom meet in it by chance."""
    return shortness(windows) >= load_limits().short


def flag_audible(strength: float, windows: int, codes: Sequence[float]) -> bool:
    """Whether what was heard of a flag without a rule counts; ``codes``: chances of its codes."""
    found = max(codes, default=0.0) >= load_weights().threshold
    return found or strength >= load_limits().flag_heard * shortness(windows)


def _only_offered() -> float:
    return float(np.nextafter(load_weights().threshold, 0.0))
