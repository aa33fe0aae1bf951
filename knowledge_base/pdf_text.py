"""The text layer of a PDF, page by page, with lines joined that the page's edge had cut.

What stands at the head or foot of most pages is no part of the text. A scanned page has no text
layer and gives nothing.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError

from knowledge_base.plain_text import paragraphs
from knowledge_base.reading import MOST_CHARACTERS, Reading
from knowledge_base.reading_errors import FileBomb, FileEncrypted
from knowledge_base.statutes import begins_anew
from knowledge_base.thai_repair import mended
from knowledge_base.words import repaired

MOST_PAGES = 5000
EDGE_LINES = 2
LEAST_PAGES = 4
FULL = 0.8
_DIGITS = re.compile(r"\d+")
_THAI_END = re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]$")
_THAI_START = re.compile(r"^[\u0e01-\u0e2e\u0e40-\u0e44]")
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read(name: str, content: bytes) -> Reading:
    """The pages in paragraphs; raises `FileEncrypted` or `FileBomb`.

    A PDF that only forbids copying opens with no password and is read.
    """
    try:
        document = PdfReader(io.BytesIO(content))
        if document.is_encrypted and not document.decrypt(""):
            raise FileEncrypted(file=name)
        pages = _pages(name, document)
        title = str((document.metadata and document.metadata.title) or "")
    except FileNotDecryptedError:
        raise FileEncrypted(file=name) from None
    except LimitReachedError:
        raise FileBomb(file=name) from None
    numbered = enumerate(_bodies(pages), 1)
    blocks = tuple(b for page, lines in numbered for b in paragraphs(_unwrapped(lines), page))
    return Reading(media_type="application/pdf", title=mended(title), blocks=blocks)


def _pages(name: str, document: PdfReader) -> list[list[str]]:
    """The lines of each page."""
    if len(document.pages) > MOST_PAGES:
        raise FileBomb(file=name)
    pages, length = [], 0
    for page in document.pages:
        text = page.extract_text() or ""
        length += len(text)
        if length > MOST_CHARACTERS:
            raise FileBomb(file=name)
        pages.append(mended(text).split("\n"))
    return pages


def _bodies(pages: list[list[str]]) -> Iterable[list[str]]:
    """The pages without the lines that head or foot most of them (page numbers do not count)."""
    edges = Counter(e for lines in pages for e in {_edge(lines[i]) for i in _places(lines)} if e)
    running = {
        e for e, count in edges.items() if count > len(pages) / 2 and len(pages) >= LEAST_PAGES
    }
    for lines in pages:
        gone = {i for i in _places(lines) if _edge(lines[i]) in running}
        yield [line for i, line in enumerate(lines) if i not in gone]


def _places(lines: list[str]) -> list[int]:
    """Where a page's first and last filled lines are."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    return [*filled[:EDGE_LINES], *filled[EDGE_LINES:][-EDGE_LINES:]]


def _edge(line: str) -> str:
    return _DIGITS.sub("#", repaired(line)).strip()


def _unwrapped(lines: list[str]) -> str:
    """Lines as long as the widest go on in the next; Thai goes on without a space."""
    widths = sorted(len(line) for line in lines if line)
    full = FULL * (widths[int(len(widths) * 0.9)] if widths else 0)
    text = ""
    for line, after in pairwise([*lines, ""]):
        goes_on = len(line) >= full and after and not begins_anew(after)
        joint = "" if _THAI_END.search(line) and _THAI_START.match(after) else " "
        text += line + (joint if goes_on else "\n")
    return text
