"""The story of a case, and what is added to it, as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas import Body, Words


class Told(Body):
    """What more was told; ``base`` is the id of the newest story the teller knows."""

    narrative: str
    base: Annotated[Words, Field(min_length=1, max_length=64)]
    source: Words = Field(default="", max_length=200)
    told_at: datetime | None = None
    recording_ids: list[Annotated[Words, Field(max_length=64)]] = Field(default=[], max_length=20)


class Addition(BaseModel):
    """Words added to a story: their places in it, and ``after``, where the story before ended."""

    id: str
    after: int
    start: int
    end: int
    source: str
    told_at: datetime | None
    at: datetime
    by_name: str | None
    by_agency: str | None


class NarrativeOut(BaseModel):
    """The story as it was told, with what was added, the oldest addition first."""

    id: str
    text: str
    sha256: str
    source: str
    additions: list[Addition] = []
