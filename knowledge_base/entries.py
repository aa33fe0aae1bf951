"""What every piece of citable knowledge has in common, whatever its kind.

An entry is one reviewed statement of a law, scheme, practice note, principle or
inter-agency document, in our own words, with where it comes from and how far it
was checked. Its ``id`` is what a draft cites: ``child-protection-2546#41``,
``scheme:help-1300``, ``practice:safety-plan``, ``doc:3``.
"""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """Kinds of entry, as the search filter names them."""

    LAW = "law"
    WELFARE = "welfare"
    PRACTICE = "practice"
    PRINCIPLE = "principle"
    DOCUMENT = "document"


class Confidence(StrEnum):
    """How far a statement was checked, best first."""

    STATUTE = "statute"  # compared with the text of the section itself
    VERIFIED = "verified"  # found in the named source
    PARTLY = "partly"  # some of it found in the named source
    GENERAL = "general"  # professional common knowledge, text not opened
    PROPOSAL = "proposal"  # this project's own proposal
    UNVERIFIED = "unverified"  # no source found

    @property
    def is_verified(self) -> bool:
        """True when the statement may be shown as a rule."""
        return self in (Confidence.STATUTE, Confidence.VERIFIED)


class Frozen(BaseModel):
    """Reviewed data: immutable, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Frozen):
    """Where a statement comes from. ``ref``: a register id (``S011``, ``CPA-C``) or corpus row."""

    ref: str
    url: str | None = None
    title_th: str | None = None


class Entry(Frozen):
    """One citable statement. ``text_th`` is what search reads and a reader is shown."""

    id: str
    kind: Kind
    title_th: str
    title_en: str | None = None
    text_th: str
    context_th: str = Field(
        default="", description="act › chapter › section › dates; goes in front of every chunk"
    )
    confidence: Confidence
    sources: tuple[Source, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    earliest: date | None = Field(
        default=None, description="before this it cannot have held; where no first day is known"
    )
    reviewed_on: date | None = None
    see: tuple[str, ...] = ()
    file: str = Field(default="", description="data file and line, for messages")

    def holds(self, day: date) -> bool:
        """Whether it holds on a day; no date at all means no bound."""
        begun = self.effective_from or self.earliest
        ended = self.effective_to is not None and self.effective_to < day
        return (begun is None or begun <= day) and not ended

    @property
    def content_hash(self) -> str:
        """sha256 of what a reader relies on: words, dates and confidence, not reviews or links."""
        dates = (self.effective_from, self.effective_to)
        told = (self.title_th, self.context_th, self.text_th, self.confidence, *map(str, dates))
        return hashlib.sha256("\0".join(told).encode()).hexdigest()
