"""What was heard in a recording, and what a person made of it: corrected, confirmed, versioned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import repository
from cases.errors import (
    RecordingTaken,
    RecordingUnseen,
    TranscriptChanged,
    TranscriptPending,
    TranscriptTooLong,
)
from cases.people import CASE_ROLES, Person
from cases.rows import Row
from cases.transcribing import heard, settled
from intake.doubts import Place, carried
from intake.narrative import LIMIT
from intake.transcript import Transcript
from runtime.database import Database
from runtime.errors import Forbidden


class Transcripts:
    """The transcripts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, person: Person, recording_id: str) -> dict[str, Any]:
        """What was heard, and the newest text with the words still unconfirmed.

        Raises `RecordingUnseen` or `TranscriptPending`.
        """
        with self._database.session(person.actor) as session:
            return _read(session, recording_id)

    def correct(
        self,
        person: Person,
        recording_id: str,
        text: str,
        *,
        revision: int,
        confirmed: Collection[Place] = (),
        all_confirmed: bool = False,
    ) -> dict[str, Any]:
        """Write the text anew on top of ``revision``; ``confirmed`` are places of ``text``.

        Raises `TranscriptTooLong`, `TranscriptChanged`, `TranscriptPending`, `RecordingUnseen`.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        if len(text) > LIMIT:
            raise TranscriptTooLong(limit=LIMIT)
        with self._database.session(person.actor) as session:
            before = _read(session, recording_id)
            if before["revision"] != revision:
                raise TranscriptChanged(revision=before["revision"])
            doubts = () if all_confirmed else carried(before["unconfirmed"], before["text"], text)
            left = [d for d in doubts if not _within(d, confirmed)]
            row = {
                "transcription_id": before["transcription_id"],
                "revision": revision + 1,
                "text": text,
                "unconfirmed": orjson.dumps(left).decode(),
                "who": person.id,
            }
            try:
                repository.run(session, "add_text", **row)
            except IntegrityError as error:
                raise TranscriptChanged(revision=revision + 1) from error
            return _read(session, recording_id)


def unconfirmed(session: Session, recording_id: str, story: str) -> tuple[Place, ...]:
    """The places of a story that come from a recording and that nobody has confirmed.

    None while nothing was written down: then the story is the person's own words.
    """
    try:
        found = _read(session, recording_id)
    except TranscriptPending:
        return ()
    return carried(found["unconfirmed"], found["text"], story)


def attach(session: Session, recording_id: str, case_id: str) -> str:
    """Make a recording the case's; gives its sha256. Raises `RecordingTaken`."""
    found = repository.first(session, "recording_of_case", id=recording_id, case_id=case_id)
    if found is None:
        raise RecordingTaken
    return str(found["sha256"])


def _read(session: Session, recording_id: str) -> dict[str, Any]:
    recording = repository.first(session, "get_recording", id=recording_id)
    if recording is None:
        raise RecordingUnseen
    run = settled(session, recording_id)
    if run is None or run["status"] != "done":
        raise TranscriptPending
    made = Transcript(
        segments=heard(session, run["id"]), model=run["model"], seconds=run["seconds"] or 0.0
    )
    return {
        "recording_id": recording_id,
        "transcription_id": run["id"],
        "model": made.model,
        "seconds": made.seconds,
        "no_speech": made.no_speech,
        "heard": made.text,
        "segments": [s.model_dump() for s in made.segments],
    } | _text(session, run["id"], made)


def _text(session: Session, transcription_id: str, made: Transcript) -> Row:
    """The newest text: a person's, or what was heard as revision 0."""
    written = repository.first(session, "newest_text", transcription_id=transcription_id)
    if written:
        return written | {"unconfirmed": [tuple(place) for place in written["unconfirmed"]]}
    places = [(d.start, d.end) for d in made.doubts()]
    return {"revision": 0, "text": made.text, "unconfirmed": places, "by_name": None, "at": None}


def _within(doubt: Place, confirmed: Collection[Place] | Sequence[Place]) -> bool:
    return any(a <= doubt[0] and doubt[1] <= b for a, b in confirmed)
