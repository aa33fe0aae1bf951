"""What a file is, by its content and never by its name; what may hide a program is refused."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from runtime.errors import BadInput

MOST_PARTS = 2_000
MOST_UNPACKED = 500_000_000


class FileRefused(BadInput):
    """Not a kind of file that is taken."""

    code = "file.kind"


class FileTooLarge(BadInput):
    """Larger than may be sent. Details: ``limit`` in megabytes."""

    code = "file.too_large"
    status = 413


class FileActive(BadInput):
    """The file carries macros or scripts."""

    code = "file.active"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A media type and the ending its files have."""

    media_type: str
    ending: str


OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("application/pdf", ".pdf")
DOCX = FileKind(f"{OFFICE}wordprocessingml.document", ".docx")
XLSX = FileKind(f"{OFFICE}spreadsheetml.sheet", ".xlsx")
PNG = FileKind("image/png", ".png")
JPEG = FileKind("image/jpeg", ".jpg")
STARTS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
INSIDE = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
MEGABYTE = 1_000_000
ACTIVE_NAMES = ("vbaproject.bin", "activex", "embeddings/oleobject")
ACTIVE_PDF = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")


def sniffed(content: BinaryIO, limit_mb: float) -> FileKind:
    """The kind of a file. Raises `FileTooLarge`, `FileRefused` or `FileActive`."""
    if content.seek(0, os.SEEK_END) > limit_mb * MEGABYTE:
        raise FileTooLarge(limit=f"{limit_mb:g}")
    content.seek(0)
    start = content.read(16)
    for magic, kind in STARTS:
        if start.startswith(magic):
            if kind is PDF:
                _without_scripts(content)
            return kind
    return _office(content)


def _office(content: BinaryIO) -> FileKind:
    try:
        with zipfile.ZipFile(content) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused from error
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
        raise FileRefused
    names = [p.filename.lower() for p in parts]
    if any(active in name for name in names for active in ACTIVE_NAMES):
        raise FileActive
    for name, kind in INSIDE:
        if name in names and "[content_types].xml" in names:
            return kind
    raise FileRefused


def _without_scripts(content: BinaryIO) -> None:
    content.seek(0)
    before = b""
    while piece := content.read(1 << 20):
        if any(active in before + piece for active in ACTIVE_PDF):
            raise FileActive
        before = piece[-32:]
