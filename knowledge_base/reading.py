"""What a file of an office says: its text in blocks, or in rows that know their law and section.

The kind of a file is told by its name and checked against its first bytes; then the reader of that
kind has the whole content in hand. Nothing here opens a model or a database.
"""

from __future__ import annotations

import importlib
from pathlib import PurePath

from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.reading_errors import (
    FileCorrupt,
    FileEmpty,
    FileKindUnknown,
    FileMislabelled,
    FileUnreadable,
)

MOST_CHARACTERS = 40_000_000


class Block(Frozen):
    """A paragraph or a heading (``level`` from 1, 0 for text), and its page where there are any."""

    text: str
    level: int = 0
    page: int | None = None


class Row(Frozen):
    """A passage that came cut already, as in a BEIR corpus."""

    title: str
    text: str
    law: str | None = None
    section: str | None = None
    chapter: str | None = None


class Reading(Frozen):
    """The content of one file."""

    media_type: str
    title: str = ""
    blocks: tuple[Block, ...] = ()
    rows: tuple[Row, ...] = Field(default=())

    @property
    def text(self) -> str:
        """All of it, for comparison with other documents."""
        return "\n".join([*(b.text for b in self.blocks), *(r.text for r in self.rows)])


# Suffix: media type, reader, and how such a file begins.
KINDS: dict[str, tuple[str, str, bytes]] = {
    ".pdf": ("application/pdf", "pdf_text", b"%PDF-"),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx_text",
        b"PK\x03\x04",
    ),
    ".html": ("text/html", "html_text", b""),
    ".htm": ("text/html", "html_text", b""),
    ".md": ("text/markdown", "markdown_text", b""),
    ".markdown": ("text/markdown", "markdown_text", b""),
    ".txt": ("text/plain", "plain_text", b""),
    ".jsonl": ("application/jsonl", "rows_text", b""),
}


def media_type(name: str) -> str:
    """The media type a file name stands for; raises `FileKindUnknown`."""
    return _kind(name)[0]


def read(name: str, content: bytes) -> Reading:
    """What the file ``name`` with this ``content`` says.

    Raises a kind of `reading_errors.FileUnreadable` with the file's name.
    """
    _, reader, start = _kind(name)
    if not content.strip():
        raise FileEmpty(file=name)
    if start and start not in content[:1024]:
        raise FileMislabelled(file=name)
    module = importlib.import_module(f"knowledge_base.{reader}")
    try:
        reading: Reading = module.read(name, content)
    except (FileUnreadable, MemoryError):
        raise
    except Exception as error:  # whatever a library did not expect in a file is damage of the file
        raise FileCorrupt(file=name) from error
    if not reading.text.strip():
        raise FileEmpty(file=name)
    return reading


def _kind(name: str) -> tuple[str, str, bytes]:
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise FileKindUnknown(file=name)
    return kind
