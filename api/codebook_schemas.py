"""What is found in the knowledge, and the code book, as the API tells them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from knowledge_base.search import Hit


class FoundEntry(Hit):
    """A hit with how far its entry was checked, and since and until when it is in force."""

    title_en: str | None = None  # of a section the act in front; None: of an added document
    confidence: str | None = None  # None: of an added document
    effective_from: date | None = None
    effective_to: date | None = None


class Hits(BaseModel):
    """What a search found, best first."""

    hits: list[FoundEntry]


class CodeOut(BaseModel):
    """One problem code."""

    code: str
    label_th: str
    label_en: str
    domain: str
    definition: str


class FlagOut(BaseModel):
    """One red flag."""

    id: str
    sign: str
    sign_en: str | None
    action: str
    action_en: str | None


class CodeBook(BaseModel):
    """Problem codes and red flags."""

    codes: list[CodeOut]
    red_flags: list[FlagOut]
