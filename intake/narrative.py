"""A story comes in as text: accepted as it is, or refused in one clear sentence."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runtime.errors import BadInput

LIMIT = 100_000
THAI_SHARE = 0.3
BYTES_LIMIT = 4 * LIMIT
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class NarrativeEmpty(BadInput):
    """Nothing, or only white space."""

    code = "narrative.empty"


class NarrativeTooLong(BadInput):
    """More code points than the limit. Details: ``limit``, ``length``."""

    code = "narrative.too_long"


class NarrativeNotThai(BadInput):
    """Too few of its letters are Thai."""

    code = "narrative.not_thai"


class NarrativeNotText(BadInput):
    """Bytes that are no text, or text in an encoding nobody can tell."""

    code = "narrative.not_text"


class NarrativeFileUnknown(BadInput):
    """The file is not there or cannot be read. Details: ``file``."""

    code = "narrative.file_unknown"


@dataclass(frozen=True)
class Narrative:
    """An accepted story, unmodified, with the sha256 of its UTF-8 bytes.

    ``unconfirmed`` are stretches ``(start, end)`` heard in a recording that nobody confirmed yet,
    ``later`` the places where what was told later begins, in order, with when it was told.
    """

    text: str
    sha256: str
    source: str = ""
    unconfirmed: tuple[tuple[int, int], ...] = ()
    later: tuple[tuple[int, datetime], ...] = ()


def accept(text: str, source: str = "", unconfirmed: tuple[tuple[int, int], ...] = ()) -> Narrative:
    """The story as it is; raises `NarrativeEmpty`, `…TooLong`, `…NotText` or `…NotThai`."""
    if not text.strip():
        raise NarrativeEmpty
    if len(text) > LIMIT:
        raise NarrativeTooLong(limit=LIMIT, length=len(text))
    if "\0" in text or _surrogates(text):
        raise NarrativeNotText
    letters = [c for c in text if c.isalpha()]
    thai = sum("\u0e00" <= c <= "\u0e7f" for c in letters)
    if not letters or thai / len(letters) < THAI_SHARE:
        raise NarrativeNotThai
    return Narrative(text, hashlib.sha256(text.encode()).hexdigest(), source, unconfirmed)


def read_narrative(path: Path) -> Narrative:
    """The story in a file: UTF-8 (with or without mark), UTF-16 with mark, or CP874."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_LIMIT + 1)
    except OSError as error:
        raise NarrativeFileUnknown(file=path.name) from error
    if len(content) > BYTES_LIMIT:
        raise NarrativeTooLong(limit=LIMIT, length=len(content) // 3)
    return accept(decoded(content), path.name)


def decoded(content: bytes) -> str:
    """The text of some bytes; raises `NarrativeNotText`."""
    if content.startswith(_UTF16):
        return _in(content, "utf-16")
    if b"\0" in content:
        raise NarrativeNotText
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _thai_bytes(content)


def _thai_bytes(content: bytes) -> str:
    """CP874, accepted only when it reads as Thai."""
    text = _in(content, "cp874")
    letters = [c for c in text if c.isalpha()]
    thai = sum("\u0e01" <= c <= "\u0e5b" for c in letters)
    if not letters or thai / len(letters) < 0.7 or any(ord(c) < 9 for c in text):
        raise NarrativeNotText
    return text


def _in(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NarrativeNotText from error


def _surrogates(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)
