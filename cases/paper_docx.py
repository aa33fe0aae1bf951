"""A form as a Word file: the same content, to be finished by hand."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from cases.paper_form import Form

FONT = "TH Sarabun New"
BODY, SMALL, TITLE = 16, 12, 20
DOTS = "." * 90


def docx_of(form: Form, made_at: datetime) -> bytes:
    """The form's file."""
    file = Document()
    _page(file)
    file.core_properties.title = form.title
    file.core_properties.created = file.core_properties.modified = made_at
    file.core_properties.language = "th-TH"
    _write(file, form.title, size=TITLE, bold=True, centred=True)
    for line in (form.reference, *form.notes):
        _write(file, line, size=SMALL, centred=True)
    for paragraph in form.paragraphs:
        _write(file, paragraph)
    for number, field in enumerate(form.fields, 1):
        _write(file, f"{number}. {field.label}", bold=True)
        for line in (*field.lines, *[DOTS] * field.blank):
            _write(file, line)
    for signature in form.signatures:
        _write(file, f"{form.signature_word} {DOTS[:46]} {signature.who}", centred=True, above=18)
        for line in (*signature.lines, f"{form.day_word} {DOTS[:30]}"):
            _write(file, line, centred=True)
    _run(file.sections[0].footer.paragraphs[0], form.footer, SMALL, bold=False)
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)


def _write(
    file: Any,
    text: str,
    *,
    size: int = BODY,
    bold: bool = False,
    centred: bool = False,
    above: int = 0,
) -> None:
    paragraph = file.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.space_before = Pt(above)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, bold=bold)


def _run(paragraph: Any, text: str, size: int, *, bold: bool) -> None:
    """Thai is a complex script: Word reads its font, size and weight from other attributes."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = FONT, Pt(size), bold
    properties = run._element.get_or_add_rPr()
    properties.rFonts.set(qn("w:cs"), FONT)
    properties.find(qn("w:b")).addnext(_element("w:bCs", "1" if bold else "0"))
    properties.find(qn("w:sz")).addnext(_element("w:szCs", str(size * 2)))
    properties.append(_element("w:cs", "1"))
    language = OxmlElement("w:lang")
    language.set(qn("w:bidi"), "th-TH")
    properties.append(language)


def _element(name: str, value: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    return element
