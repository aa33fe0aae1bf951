"""Which words of a story nobody has confirmed, after a person worked on the transcript.

What a person wrote or changed is that person's word. What stands as the recogniser left it, and
was marked, stays marked until somebody says that it was heard so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

Place = tuple[int, int]
Same = tuple[int, int, int]
PIECE = 40  # letters; long enough to stand once in a story
LONGEST = 2000  # letters; beyond this, comparing letter by letter takes too long


def carried(doubts: Iterable[Place], heard: str, story: str) -> tuple[Place, ...]:
    """The doubted places of ``heard`` that stand unchanged in ``story``, as places of ``story``."""
    doubts = list(doubts)
    found: set[Place] = set()
    same: list[Same] = []
    for here, there in _between(heard, story, same):
        if max(here[1] - here[0], there[1] - there[0]) <= LONGEST:
            same += _compared(heard, story, here, there)
        else:
            words = {heard[a:b] for a, b in doubts if here[0] <= a < here[1]}
            found |= _everywhere(words, story, there)
    for start, end, at in _merged(same):
        found |= {(at + a - start, at + b - start) for a, b in doubts if start <= a and b <= end}
    return tuple(sorted(found))


def _between(heard: str, story: str, same: list[Same]) -> Iterator[tuple[Place, Place]]:
    """What lies between the pieces of ``heard`` that stand in ``story`` once and in order.

    Those pieces are put into ``same``.
    """
    here = there = 0
    for start in range(0, len(heard) - PIECE + 1, PIECE):
        piece = heard[start : start + PIECE]
        at = story.find(piece, there)
        if at >= 0 and story.find(piece, at + 1) < 0:
            yield (here, start), (there, at)
            same.append((start, start + PIECE, at))
            here, there = start + PIECE, at + PIECE
    yield (here, len(heard)), (there, len(story))


def _compared(heard: str, story: str, here: Place, there: Place) -> list[Same]:
    matcher = SequenceMatcher(None, heard[slice(*here)], story[slice(*there)], autojunk=False)
    return [
        (here[0] + m.a, here[0] + m.a + m.size, there[0] + m.b)
        for m in matcher.get_matching_blocks()
        if m.size
    ]


def _merged(same: Iterable[Same]) -> list[Same]:
    """Stretches that follow one another without a gap, on both sides, as one."""
    merged: list[Same] = []
    for start, end, at in sorted(same):
        last = merged[-1] if merged else None
        if last and last[1] == start and last[2] + last[1] - last[0] == at:
            merged[-1] = (last[0], end, last[2])
        else:
            merged.append((start, end, at))
    return merged


def _everywhere(words: Iterable[str], story: str, place: Place) -> set[Place]:
    part = story[slice(*place)]
    return {
        (place[0] + m.start(), place[0] + m.end())
        for word in words
        for m in re.finditer(re.escape(word), part)
    }
