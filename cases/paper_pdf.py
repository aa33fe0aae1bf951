"""A form as PDF: A4, Sarabun embedded, Thai vowels and tone marks placed by HarfBuzz."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from pythainlp.tokenize import word_tokenize

from cases.paper_form import Form

FONTS = Path(__file__).parent / "fonts"
BREAK = "\u200b"  # where a line may end: Thai writes no spaces between words
MARGIN, LINE, BODY, SMALL, TITLE = 22.0, 7.6, 14, 10, 18


def pdf_of(form: Form, made_at: datetime) -> bytes:
    """The form's pages."""
    page = _Page(form)
    page.set_creation_date(made_at)
    page.set_title(form.title)
    page.set_lang("th-TH")
    page.add_page()
    page.block(form.title, size=TITLE, bold=True, align="C")
    page.block(form.reference, size=SMALL, align="C")
    for note in form.notes:
        page.block(note, size=SMALL, align="C")
    page.ln(LINE / 2)
    for paragraph in form.paragraphs:
        page.block(paragraph)
    for number, field in enumerate(form.fields, 1):
        page.block(f"{number}. {field.label}", bold=True)
        for line in field.lines:
            page.block(line)
        page.blanks(field.blank)
    for signature in form.signatures:
        page.signature(form, signature.who, signature.lines)
    return bytes(page.output())


class _Page(FPDF):
    """Pages in the office's hand."""

    def __init__(self, form: Form) -> None:
        super().__init__(format="A4")
        self._form = form
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        for style, name in (("", "Sarabun-Regular.ttf"), ("B", "Sarabun-Bold.ttf")):
            self.add_font("Sarabun", style, FONTS / name)
        self.set_text_shaping(True, script="thai", language="tha")
        self.set_font("Sarabun", size=BODY)

    def footer(self) -> None:
        """Who printed it and when, on every page."""
        self.set_y(-MARGIN + 4)
        number = self._form.page.format(page=self.page_no())
        self.block(f"{self._form.footer}  {number}", size=SMALL, align="C")

    def block(self, text: str, *, size: int = BODY, bold: bool = False, align: str = "L") -> None:
        """A paragraph over the page's width."""
        self.set_font("Sarabun", "B" if bold else "", size)
        self.multi_cell(
            0, LINE * size / BODY, _breakable(text), align=align, new_x="LMARGIN", new_y="NEXT"
        )

    def blanks(self, count: int) -> None:
        """Dotted lines to write on."""
        self.set_dash_pattern(dash=0.3, gap=1.2)
        for _ in range(count):
            if self.will_page_break(LINE):
                self.add_page()
            at = self.get_y() + LINE - 1
            self.line(self.l_margin, at, self.w - self.r_margin, at)
            self.ln(LINE)
        self.set_dash_pattern()

    def signature(self, form: Form, who: str, lines: tuple[str, ...]) -> None:
        """A place to sign, kept on one page."""
        if self.will_page_break(LINE * (len(lines) + 3)):
            self.add_page()
        self.ln(LINE)
        dots = "." * 46
        self.block(f"{form.signature_word} {dots} {who}", align="C")
        for line in (*lines, f"{form.day_word} {dots[:30]}"):
            self.block(line, align="C")


def _breakable(text: str) -> str:
    words = word_tokenize(text, engine="newmm-safe", keep_whitespace=True)
    return BREAK.join(words).replace(f"{BREAK} ", " ").replace(f" {BREAK}", " ")
