"""Recordings and their transcripts, as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas import Body, Words
from intake.transcript import Segment


class Transcription(BaseModel):
    """How far a recording is written down."""

    status: Literal["queued", "running", "done", "failed"]
    percent: float
    model: str
    error_code: str | None


class RecordingRow(BaseModel):
    """A kept recording."""

    id: str
    case_id: str | None
    sha256: str
    size_bytes: int
    seconds: float | None
    media_type: str
    file_name: str
    created_at: datetime


class Recording(RecordingRow):
    """A kept recording and how far it is written down."""

    transcription: Transcription | None


class SoundLimits(BaseModel):
    """What recordings are taken: kinds by the usual ending of their names, length and size."""

    kinds: list[str]
    minutes: float
    megabytes: float


class RecordingList(BaseModel):
    """Recordings, newest first, and what may be sent."""

    items: list[Recording]
    limits: SoundLimits


Place = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class TranscriptOut(BaseModel):
    """What was heard, and the newest text with the places nobody has confirmed."""

    recording_id: str
    model: str
    seconds: float
    no_speech: bool
    heard: str
    segments: list[Segment]
    text: str
    unconfirmed: list[Place]
    revision: int
    by_name: str | None
    by_agency: str | None = None
    at: datetime | None


class TranscriptText(Body):
    """A corrected text on top of a revision; ``confirmed`` are places of the text."""

    text: Words
    revision: int = Field(ge=0, lt=2**31 - 1)
    confirmed: list[Place] = Field(default=[], max_length=10_000)
    all_confirmed: bool = False
