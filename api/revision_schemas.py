"""What the API says about versions: their differences, papers for the client, changed law."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Words


class DraftRequest(BaseModel):
    """A draft that keeps the edits and strikes of an earlier version of the same case."""

    model_config = ConfigDict(extra="forbid")

    carry_from: Words | None = Field(default=None, min_length=1, max_length=64)


class NamedVersion(BaseModel):
    """A version by id and number."""

    version_id: str
    number: int


class Side(BaseModel):
    """A sentence in one version, with what a person decided about it there."""

    id: str
    text: str
    ink: str
    decision: Literal["accepted", "edited", "struck"] | None
    edited: str | None


class DifferenceRow(BaseModel):
    """One sentence in both versions; None where it is not there."""

    change: Literal["same", "changed", "added", "removed"]
    old: Side | None
    new: Side | None


class VersionDifference(BaseModel):
    """Two versions sentence by sentence, in the new one's order, removed ones last."""

    old: NamedVersion
    new: NamedVersion
    counts: dict[str, int]
    rows: list[DifferenceRow]


class ReadingEase(BaseModel):
    """How hard a paper is to read."""

    words_per_phrase: float
    long_words: float
    terms: int
    is_plain: bool


class SheetPart(BaseModel):
    """A heading with its lines."""

    heading: str
    lines: list[str]


class PlainSheet(BaseModel):
    """One paper."""

    title: str
    parts: list[SheetPart]
    readability: ReadingEase


class Sheets(NamedVersion):
    """The papers of a version, in Thai, in the words people decided on."""

    client: PlainSheet
    safety: PlainSheet


class ChangedEntry(BaseModel):
    """A cited entry that is not what it was."""

    id: str
    title_th: str
    title_en: str | None
    change: Literal["changed", "gone"]


class AffectedSentence(BaseModel):
    """A sentence that rests on a changed entry, and what a new draft says in its place."""

    id: str
    text: str
    proposed: str | None


class LawChanges(NamedVersion):
    """What changed under a version since it was drafted."""

    changed: list[ChangedEntry]
    affected: list[AffectedSentence]
