"""A Word document in headings and paragraphs, tables row by row, without hidden or deleted text.

A document is a ZIP archive: how far it would unpack is read from its table of contents before
anything is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from knowledge_base.reading import Block, Reading
from knowledge_base.reading_errors import FileBomb, FileEncrypted
from knowledge_base.thai_repair import mended

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BYTES = 200_000_000
MOST_RATIO = 200
SMALL_BYTES = 5_000_000
MOST_FILES = 5000
_HEADING = re.compile(r"heading\s*(\d)", re.IGNORECASE)
P, R, T, TAB, BR, CR, TABLE, ROW, CELL = (
    qn(f"w:{name}") for name in ("p", "r", "t", "tab", "br", "cr", "tbl", "tr", "tc")
)
TINY = ("0", "1", "2")
WHITE = ("FFFFFF", "FEFEFE", "FDFDFD")
NOT_SHOWN = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read(name: str, content: bytes) -> Reading:
    """The document's body; raises `FileBomb` or `FileEncrypted`."""
    _check(name, content)
    document: Any = docx.Document(io.BytesIO(content))
    blocks = tuple(_blocks(document, document.element.body))
    title = mended(document.core_properties.title or "")
    first = next((b.text for b in blocks if b.level), "")
    return Reading(media_type=MEDIA_TYPE, title=title or first, blocks=blocks)


def _check(name: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = archive.infolist()
        if any(file.flag_bits & 1 for file in files):
            raise FileEncrypted(file=name)
        whole = sum(file.file_size for file in files)
        ratio = whole / max(sum(file.compress_size for file in files), 1)
        swollen = whole > SMALL_BYTES and ratio > MOST_RATIO
        if len(files) > MOST_FILES or whole > MOST_BYTES or swollen:
            raise FileBomb(file=name)


def _blocks(document: Any, body: Any) -> Iterator[Block]:
    for child in body:
        if child.tag == P:
            yield from _paragraph(document, child)
        elif child.tag == TABLE:
            for row in child.iter(ROW):
                cells = [" ".join(_words(p) for p in cell.iter(P)) for cell in row.iter(CELL)]
                yield from _block(" | ".join(c.strip() for c in cells if c.strip()), 0)
        elif child.tag not in NOT_SHOWN:
            yield from _blocks(document, child)


def _paragraph(document: Any, element: Any) -> Iterator[Block]:
    style = element.style
    named = document.styles.element.get_by_id(style) if style else None
    heading = _HEADING.match(str(named.name_val if named is not None else style or ""))
    yield from _block(_words(element), int(heading.group(1)) if heading else 0)


def _block(text: str, level: int) -> Iterator[Block]:
    text = mended(text)
    if text:
        yield Block(text=text, level=level)


def _words(element: Any) -> str:
    """The words of the runs people see."""
    return "".join(_shown(element))


def _shown(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in NOT_SHOWN or (child.tag == R and _is_hidden(child)):
            continue
        if child.tag == T:
            yield child.text or ""
        elif child.tag in (TAB, BR, CR):
            yield " " if child.tag == TAB else "\n"
        else:
            yield from _shown(child)


def _is_hidden(run: Any) -> bool:
    """Marked hidden, smaller than anybody reads (sizes are half points), or white on white."""
    form = run.find(qn("w:rPr"))
    if form is None:
        return False
    vanish, size = form.find(qn("w:vanish")), form.find(qn("w:sz"))
    unseen = vanish is not None and vanish.get(qn("w:val"), "true") not in ("0", "false", "off")
    tiny = size is not None and str(size.get(qn("w:val"), "9")) in TINY
    return unseen or tiny or _is_white(form)


def _is_white(form: Any) -> bool:
    colour = form.find(qn("w:color"))
    shaded = form.find(qn("w:shd")) is not None or form.find(qn("w:highlight")) is not None
    return not shaded and colour is not None and colour.get(qn("w:val"), "").upper() in WHITE
