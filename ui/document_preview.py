"""A file as it looks: pages of a PDF and pictures drawn, the words of a Word file told.

A file from outside may be broken or hostile: few pages are drawn, small ones, and what cannot be
read is offered for download alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

import docx
import pypdfium2 as pdfium
import streamlit as st
from docx.opc.exceptions import OpcError

from ui import document_marks
from ui.desk import Desk

MOST_PAGES = 8
WIDE_PX = 900
MOST_LINES = 400
PICTURES = ("image/png", "image/jpeg")


def show(desk: Desk, content: bytes, media_type: str, title: str) -> None:
    """Draw as much of a file as can be shown."""
    if media_type in PICTURES:
        st.html(document_marks.pages([content], media_type, title))
    elif media_type == "application/pdf":
        _pdf(desk, content, title)
    elif media_type.endswith("wordprocessingml.document"):
        st.caption(desk.say("preview.words_only"))
        st.html(document_marks.plain(lines(content)))
    else:
        st.caption(desk.say("preview.none"))


def _pdf(desk: Desk, content: bytes, title: str) -> None:
    try:
        with pdfium.PdfDocument(content) as file:
            count = len(file)
            drawn = [_drawn(file, number) for number in range(min(count, MOST_PAGES))]
    except (pdfium.PdfiumError, ValueError):
        st.caption(desk.say("preview.none"))
        return
    st.caption(desk.say("preview.pages", shown=len(drawn), count=count))
    st.html(document_marks.pages(drawn, "image/jpeg", title))


def _drawn(file: pdfium.PdfDocument, number: int) -> bytes:
    page = file[number]
    wide = max(page.get_width(), 1.0)
    picture = page.render(scale=min(WIDE_PX / wide, 4.0)).to_pil()
    kept = BytesIO()
    picture.convert("RGB").save(kept, "JPEG", quality=80)
    return kept.getvalue()


def lines(content: bytes) -> list[str]:
    """The paragraphs and table rows of a Word file, in order; empty when it cannot be read."""
    try:
        return list(_told(docx.Document(BytesIO(content))))[:MOST_LINES]
    except (BadZipFile, OpcError, KeyError, ValueError, OSError):
        return []


def _told(file: docx.document.Document) -> Iterator[str]:
    for part in file.iter_inner_content():
        if hasattr(part, "rows"):
            for row in part.rows:
                yield " · ".join(dict.fromkeys(c.text.strip() for c in row.cells if c.text.strip()))
        elif part.text.strip():
            yield part.text.strip()
