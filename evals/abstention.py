"""Does a draft say so when its evidence is gone? Entries are removed at random and counted again.

Calibrated abstention means: with less evidence fewer sentences claim to be rules, more gaps are
told, and no sentence is left that neither stands nor is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from knowledge_base.library import Library
from planner.grounding import uncited
from planner.schemas import Draft, Ink

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
SEED = 20260103
Point = dict[str, float]


def without(library: Library, share: float, seed: int = SEED) -> Library:
    """The library with a share of its laws, schemes and practice topics gone."""
    names = sorted(library.entries)
    random = np.random.default_rng(seed)
    gone = set(random.permutation(names)[: round(share * len(names))].tolist())
    left = {i: e for i, e in library.entries.items() if i not in gone}
    sections = {s: i for s, i in library.by_section.items() if i in left}
    return replace(library, entries=left, by_section=sections)


def abstention_curve(
    library: Library, drafts: Callable[[Library], Sequence[Draft]], shares: Sequence[float] = SHARES
) -> list[Point]:
    """One point a share: rules and gaps a draft, cited claims of all, and what is unmarked."""
    return [
        _point(share, rest, drafts(rest)) for share in shares if (rest := without(library, share))
    ]


def _point(share: float, library: Library, drafts: Sequence[Draft]) -> Point:
    claims = [s for d in drafts for s in d.sentences() if s.ink is not Ink.FRAME]
    loose = [i for d in drafts for i in uncited(d, library) if i not in d.flagged()]
    gaps = [s for d in drafts for s in d.assessment.missing if s.origin in library.interventions]
    count = max(1, len(drafts))
    return {
        "removed": share,
        "rules": sum(s.ink is Ink.RULE for s in claims) / count,
        "gaps_told": len(gaps) / count,
        "cited": sum(bool(s.citations) for s in claims) / max(1, len(claims)),
        "unmarked": len(loose),
    }
