"""What of exchanges with neighbouring systems goes over the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class ProfileOut(BaseModel):
    """A neighbouring system: columns a file must have, and columns it gets."""

    id: str
    name_th: str
    name_en: str
    confidence: str
    required: list[str]
    exported: list[str]


class ProfileList(BaseModel):
    """All neighbouring systems."""

    items: list[ProfileOut]


class RowImported(BaseModel):
    """A row that became a case."""

    row: int
    external_id: str
    case_id: str


class RowRefused(BaseModel):
    """A row that did not, and why."""

    row: int
    external_id: str
    code: str
    message_th: str
    message_en: str


class ImportReport(BaseModel):
    """What became of a file."""

    profile: str
    imported: list[RowImported]
    refused: list[RowRefused]


class SourceOut(BaseModel):
    """Where a case came from."""

    profile: str
    external_id: str
    row_number: int
    row_sha256: str
    file_sha256: str
    imported_at: datetime


class SourceList(BaseModel):
    """All sources of a case."""

    items: list[SourceOut]
