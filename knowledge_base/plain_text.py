"""Plain text: UTF-8, UTF-16 with its mark, or the Thai code page of older offices."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from knowledge_base.reading import Block, Reading
from knowledge_base.reading_errors import FileEncoding
from knowledge_base.thai_repair import mended

_PARAGRAPH = re.compile(r"\n\s*\n")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEAST_THAI = 0.3
MOST_CONTROL = 0.01


def read(name: str, content: bytes) -> Reading:
    """A text file in paragraphs."""
    return Reading(media_type="text/plain", blocks=tuple(paragraphs(decoded(name, content))))


def paragraphs(text: str, page: int | None = None) -> Iterable[Block]:
    """Blocks of a text, cut at empty lines."""
    parts = (part.strip() for part in _PARAGRAPH.split(mended(text)))
    return [Block(text=part, page=page) for part in parts if part]


def decoded(name: str, content: bytes) -> str:
    """The text of the bytes; raises `FileEncoding` when they are no text."""
    marked = next((enc for mark, enc in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp874"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text) and (encoding != "cp874" or _thai_share(text) >= LEAST_THAI):
            return text
    raise FileEncoding(file=name)


def _is_text(text: str) -> bool:
    odd = sum(1 for c in text if ord(c) < 32 and c not in "\t\n\r\f\v")
    return odd <= MOST_CONTROL * len(text)


def _thai_share(text: str) -> float:
    letters = [c for c in text if c.isalpha() or "\u0e00" <= c <= "\u0e7f"]
    return sum("\u0e00" <= c <= "\u0e7f" for c in letters) / max(len(letters), 1)
