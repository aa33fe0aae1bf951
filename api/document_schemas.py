"""What of documents goes over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas import Body, Words

LetterWords = Annotated[Words, Field(max_length=5000)]
State = Literal["absent", "open", "signed", "withdrawn"]


class DocumentVersion(BaseModel):
    """One file of a document."""

    id: str
    number: int
    origin: Literal["uploaded", "drafted"]
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    scan: Literal["clean", "not_scanned"]
    created_at: datetime
    by_name: str | None
    by_agency: str | None = None


class Custody(BaseModel):
    """Who did what with a version, and when."""

    version_id: str | None
    act: str
    party: str | None
    note: str | None
    by_name: str | None
    by_agency: str | None = None
    at: datetime


class DocumentOut(BaseModel):
    """A document with its versions and custody.

    ``may_change``: this person may put another version over it, or withdraw it.
    """

    id: str
    case_id: str
    type_id: str
    title: str
    state: State
    may_change: bool
    created_at: datetime
    versions: list[DocumentVersion]
    custody: list[Custody]


class DocumentList(BaseModel):
    """The documents of a case."""

    items: list[DocumentOut]


class ChecklistItem(BaseModel):
    """One kind of document in a step."""

    type_id: str
    name_th: str
    name_en: str | None
    state: State
    count: int


class ChecklistStep(BaseModel):
    """One of the nine steps."""

    step: int
    name_th: str
    name_en: str
    items: list[ChecklistItem]


class ChecklistOut(BaseModel):
    """What each step asks for."""

    steps: list[ChecklistStep]


class DocumentKind(BaseModel):
    """One of the nineteen kinds, and what this person may do with it."""

    type_id: str
    number: int
    name_th: str
    name_en: str | None
    steps: list[int]
    secrecy: str
    confidence: str
    may_draft: bool
    may_sign: bool
    card_needed: bool
    letters: list[str]


class DocumentKinds(BaseModel):
    """The kinds of document."""

    items: list[DocumentKind]


class DraftRequest(Body):
    """A form or letter to draft. ``card``: an appointed official's; ``words`` fill a letter."""

    type_id: Words = Field(max_length=20)
    form: Literal["pdf", "docx"] = "pdf"
    letter: Words | None = Field(default=None, max_length=60)
    card: Words | None = Field(default=None, max_length=60)
    words: dict[Words, LetterWords] = Field(default={}, max_length=40)
    document_id: Words | None = Field(default=None, max_length=64)


class ErasureRequest(Body):
    """On what ground a document is erased."""

    reason: Words = Field(max_length=2000)


class ErasedDocument(BaseModel):
    """What an erasure left: tombstones for so many rows."""

    document_id: str
    versions: int
    tombstones: int


class ActRequest(Body):
    """What is done with a version; sending names the receiver, refusing and withdrawing why."""

    act: Literal["sent", "received", "refused", "signed", "withdrawn"]
    party: Words | None = Field(default=None, min_length=1, max_length=200)
    note: Words | None = Field(default=None, min_length=1, max_length=2000)
    card: Words | None = Field(default=None, max_length=60)
