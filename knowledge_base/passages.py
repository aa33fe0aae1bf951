"""A reading cut into passages to be found and cited: a statute by section, all else by meaning.

By meaning: headings part a document; under one heading a text that is too long for one passage is
cut where neighbouring paragraphs are least alike (the inner product of their vectors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.chunking import LONGEST, Item, chunks
from knowledge_base.reading import Block, Reading, Row
from knowledge_base.statutes import Statute, law_key, section_key, statute
from runtime.messages import sentence

LEAST = 120
NONE: NDArray[np.float32] = np.zeros((0, 0), np.float32)
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Units = list[Block]


@dataclass(frozen=True)
class Passage:
    """A piece of a source. ``context`` is its place: title › chapter › section or heading."""

    context: str
    text: str
    page: int | None = None
    law_title: str | None = None
    section: str | None = None

    @property
    def law_key(self) -> str | None:
        """The key of the act this is a section of."""
        return law_key(self.law_title) if self.law_title and self.section else None

    def item(self, name: str) -> Item:
        """The passage as search reads it."""
        return Item(name, self.context, self.text, (self.section,) if self.section else ())


@dataclass(frozen=True)
class Cut:
    """A source in passages; ``is_statute`` when they are sections of acts."""

    title: str
    is_statute: bool
    passages: tuple[Passage, ...]


def cut(reading: Reading, name: str, embed: Embed) -> Cut:
    """The passages of a file called ``name``; ``embed`` gives vectors ``(n, d)`` of length 1."""
    title = reading.title or name
    if reading.rows:
        return Cut(name, any(r.law and r.section for r in reading.rows), _of_rows(reading.rows))
    act = statute(reading.blocks)
    if act:
        return Cut(act.title, True, tuple(_of_statute(act)))
    return Cut(title, False, tuple(_by_meaning(title, reading.blocks, embed)))


def _of_rows(rows: Sequence[Row]) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            context=_place(r.law or r.title, r.chapter, r.section and section_key(r.section)),
            text=r.text,
            law_title=r.law,
            section=section_key(r.section) if r.section else None,
        )
        for r in rows
    )


def _of_statute(act: Statute) -> Iterator[Passage]:
    for part in act.parts:
        context = _place(act.title, part.chapter, part.section)
        yield Passage(context, part.text, part.page, act.title, part.section)


def _place(title: str, chapter: str | None, section: str | None) -> str:
    named = sentence("law.sections", sections=section) if section else None
    return " › ".join(" ".join(p.split()) for p in (title, chapter, named) if p)


def _by_meaning(title: str, blocks: Sequence[Block], embed: Embed) -> Iterator[Passage]:
    stretches = list(_stretches(title, blocks))
    long = [units for _, units in stretches if _length(units) > LONGEST]
    vectors = embed([u.text for units in long for u in units]) if long else NONE
    used = 0
    for context, units in stretches:
        groups = [units]
        if _length(units) > LONGEST:
            own = vectors[used : used + len(units)]
            used += len(units)
            groups = _parted(units, np.einsum("nd,nd->n", own[:-1], own[1:]))
        for group in groups:
            yield Passage(context, "\n".join(u.text for u in group), group[0].page)


def _stretches(title: str, blocks: Sequence[Block]) -> Iterator[tuple[str, Units]]:
    """The text under each heading, with the headings above it."""
    path: dict[int, str] = {}
    units: Units = []
    for block in [*blocks, Block(text="", level=1)]:
        if not block.level:
            units += _units(block)
            continue
        if units:
            yield _place(title, " › ".join(v for v in path.values() if v != title), None), units
        path = {k: v for k, v in path.items() if k < block.level} | {block.level: block.text}
        units = []


def _units(block: Block) -> Units:
    """Paragraphs, long ones cut at their inner breaks."""
    parts = chunks(Item("", "", block.text)) if len(block.text) > LONGEST else []
    return [block.model_copy(update={"text": c.text}) for c in parts] or [block]


def _length(units: Units) -> int:
    return sum(len(u.text) + 1 for u in units)


def _parted(units: Units, joints: NDArray[np.float32]) -> list[Units]:
    """Cut at the weakest joint until every part fits, sparing parts too short to stand alone."""
    if len(units) == 1 or _length(units) <= LONGEST:
        return [units]
    places = range(1, len(units))
    sound = [i for i in places if min(_length(units[:i]), _length(units[i:])) >= LEAST]
    at = min(sound or places, key=lambda i: float(joints[i - 1]))
    return _parted(units[:at], joints[: at - 1]) + _parted(units[at:], joints[at:])
