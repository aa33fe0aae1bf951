"""Recordings: kept before anything else is done with them, sealed, and never transcribed twice."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.errors import RecordingElsewhere, RecordingUnseen
from cases.people import CASE_ROLES, Person
from cases.ports import Listener
from cases.rows import Row
from cases.transcribing import ask, settled
from runtime.database import Database
from runtime.errors import Forbidden
from runtime.sealed_files import key_of, seal, unsealed

PIECE = 1 << 20
NAME_LIMIT = 200
ONE_HEARING_MIN = 30


class SoundArchive:
    """Sealed sound files of one data folder, each under a name only the secret can make."""

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder = folder
        self._secret = secret

    def put(self, recording: Row, content: BinaryIO) -> None:
        """Keep a recording's sound; what is returned from is on the disk."""
        seal(content, self.path(recording), self._key(recording))

    def open(self, recording: Row) -> BinaryIO:
        """A recording's sound; raises `SealBroken`."""
        return unsealed(self.path(recording), self._key(recording))

    def path(self, recording: Row) -> Path:
        """Where the sound of a recording is kept: by its content and its agency."""
        address = f"{recording['agency_id']}/{recording['sha256']}".encode()
        name = hashlib.blake2b(address, key=self._secret.encode()[:64], digest_size=24).hexdigest()
        return self._folder / name[:2] / name

    def _key(self, recording: Row) -> bytes:
        return key_of(self._secret, bytes(recording["salt"]))


class Recordings:
    """The recordings of one database and data folder."""

    def __init__(self, database: Database, sounds: SoundArchive, listener: Listener) -> None:
        self._database = database
        self._sounds = sounds
        self._listener = listener

    def keep(self, person: Person, content: BinaryIO, file_name: str) -> dict[str, Any]:
        """Keep a recording and ask for its transcript; the same sound again is the same recording.

        Raises `Forbidden`, a kind of `SoundRefused`, or `RecordingElsewhere`.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        sound = self._listener.inspect(content)
        digest = _sha256(content)
        new = {
            "id": repository.new_id(),
            "agency_id": person.agency_id,
            "sha256": digest,
            "salt": secrets.token_bytes(32),
            "size_bytes": sound.size,
            "seconds": sound.seconds,
            "decoder": sound.kind.decoder,
            "media_type": sound.kind.media_type,
            "file_name": Path(file_name.replace("\0", "")).name[:NAME_LIMIT],
            "created_by": person.id,
        }
        with self._database.session(person.actor) as session:
            recording_id = self._kept(session, new, content)
            ask(session, person, recording_id, self._listener.model)
            return _shown(session, recording_id)

    def request(self, person: Person, recording_id: str) -> dict[str, Any]:
        """Ask for the transcript again: after a failure, or of a new model."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            _seen(session, recording_id)
            ask(session, person, recording_id, self._listener.model)
            return _shown(session, recording_id)

    def read(self, person: Person, recording_id: str) -> dict[str, Any]:
        """A recording and how far its transcript is; raises `RecordingUnseen`."""
        with self._database.session(person.actor) as session:
            return _shown(session, recording_id)

    def waiting(self, person: Person) -> list[dict[str, Any]]:
        """The person's recordings that no case was opened from yet, newest first."""
        with self._database.session(person.actor) as session:
            rows = repository.rows(session, "waiting_recordings", user_id=person.id)
            return [row | {"transcription": settled(session, row["id"])} for row in rows]

    def sound(self, person: Person, recording_id: str) -> tuple[Row, BinaryIO]:
        """A recording and its sound, to be closed. Raises `RecordingUnseen` or `SealBroken`.

        Listening to the recording of a case is audited, once for the parts a player asks for.
        """
        with self._database.session(person.actor) as session:
            recording = _seen(session, recording_id)
            if recording["case_id"]:
                _trace(session, recording, person)
        return recording, self._sounds.open(recording)

    def _kept(self, session: Session, new: Row, content: BinaryIO) -> str:
        """The id of this sound's recording; its file is on the disk before the row is committed."""
        same = {"agency_id": new["agency_id"], "sha256": new["sha256"]}
        repository.run(session, "hold_recording", **same)
        found = repository.first(session, "same_recording", **same)
        if found:
            return str(found["id"])
        try:
            repository.run(session, "add_recording", **new)
        except IntegrityError as error:
            raise RecordingElsewhere from error
        self._sounds.put(new, content)
        return str(new["id"])


def _trace(session: Session, recording: Row, person: Person) -> None:
    event = {"case_id": recording["case_id"], "actor_id": person.id, "subject": recording["id"]}
    if not repository.scalar(session, "heard_lately", **event, minutes=ONE_HEARING_MIN):
        audit.record(session, action="recording_heard", **event)


def _seen(session: Session, recording_id: str) -> Row:
    found = repository.first(session, "get_recording", id=recording_id)
    if found is None:
        raise RecordingUnseen
    return found


def _shown(session: Session, recording_id: str) -> dict[str, Any]:
    recording = _seen(session, recording_id)
    hidden = {"salt", "agency_id", "decoder"}
    shown = {k: v for k, v in recording.items() if k not in hidden}
    return shown | {"transcription": settled(session, recording_id)}


def _sha256(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    content.seek(0, os.SEEK_SET)
    while piece := content.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
