"""Entries cut into passages the model can hold, each with its context line in front."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.entries import Entry

LONGEST = 700
_BREAKS = re.compile(r"\n+|(?<=[;·]) +|(?<=\s)(?=\(\d+\))")


@dataclass(frozen=True)
class Chunk:
    """A passage of an entry. ``text`` begins with the context line."""

    entry_id: str
    ordinal: int
    text: str

    @property
    def content_hash(self) -> str:
        """sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def chunks(entry: Entry, longest: int = LONGEST) -> list[Chunk]:
    """The passages of one entry, none longer than ``longest`` code points of its own text."""
    context = entry.context_th or entry.title_th
    head = context if entry.title_th in context else f"{context} › {entry.title_th}"
    pieces = list(_pieces(entry.text_th, longest)) or [""]
    return [Chunk(entry.id, i, f"{head}\n{piece}".strip()) for i, piece in enumerate(pieces)]


def _pieces(text: str, longest: int) -> Iterator[str]:
    held = ""
    for part in _BREAKS.split(text):
        for piece in _cut(part.strip(), longest):
            if held and len(held) + len(piece) + 1 > longest:
                yield held
                held = piece
            else:
                held = f"{held} {piece}".strip()
    if held:
        yield held


def _cut(part: str, longest: int) -> Iterator[str]:
    """Long parts at spaces; a run without any space at its length."""
    while len(part) > longest:
        at = part.rfind(" ", longest // 2, longest)
        at = at if at > 0 else longest
        yield part[:at].strip()
        part = part[at:].strip()
    if part:
        yield part
