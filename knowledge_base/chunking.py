"""What search reads: items cut into passages the model can hold, each with its place in front."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.entries import Entry

LONGEST = 700
_BREAKS = re.compile(r"\n+|(?<=[;·]) +|(?<=\s)(?=\(\d+\))")


@dataclass(frozen=True)
class Item:
    """One thing that can be found. ``context``: its place, such as act › chapter › section."""

    id: str
    context: str
    text: str
    sections: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Context and text, as the lexical legs read them."""
        return f"{self.context}\n{self.text}".strip()


@dataclass(frozen=True)
class Chunk:
    """A passage of an item. ``text`` begins with the context line."""

    entry_id: str
    ordinal: int
    text: str

    @property
    def content_hash(self) -> str:
        """sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def body(self) -> str:
        """The passage without its context line."""
        return self.text.split("\n", 1)[-1]


def item_of(entry: Entry) -> Item:
    """An entry as search reads it; its title ends the context line."""
    context = entry.context_th or entry.title_th
    head = context if entry.title_th in context else f"{context} › {entry.title_th}"
    return Item(entry.id, head, entry.text_th, tuple(getattr(entry, "sections", ())))


def chunks(item: Item, longest: int = LONGEST) -> list[Chunk]:
    """The passages of one item, at least one, none with more than ``longest`` code points of it."""
    pieces = list(_pieces(item.text, longest)) or [""]
    texts = [f"{item.context}\n{piece}".strip() for piece in pieces]
    return [Chunk(item.id, i, text) for i, text in enumerate(texts)]


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
