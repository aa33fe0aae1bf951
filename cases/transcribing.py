"""Transcription as a job: every stretch heard is kept at once, so a dead worker costs one stretch.

The segments of a stretch, the second it ends at and the job's claim are one transaction: whatever
dies when, nothing is heard twice into the transcript and nothing is left out of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Protocol

from sqlalchemy.orm import Session

from cases import repository
from cases.accounts import actor_of
from cases.job_runs import ALIVE, is_lost
from cases.people import Person
from cases.ports import Listener
from cases.rows import Row
from intake.sound import Sound
from intake.sound_files import Kind
from intake.transcript import Segment
from runtime.actor import Actor
from runtime.database import Database
from runtime.errors import BadInput, CmisError
from runtime.jobs import JobContext, JobLost, Patience, defer

TASK = "transcribe"


class Sounds(Protocol):
    """Where sounds are kept."""

    def open(self, recording: Row) -> BinaryIO:
        """A recording's sound."""
        ...


def ask(session: Session, person: Person, recording_id: str, model: str) -> None:
    """Ask for a recording's transcript unless this model has made it or is about to.

    One recording of an agency is heard at a time; a long one leaves the other hands free.
    """
    found = repository.first(
        session, "transcription_by_model", recording_id=recording_id, model=model
    )
    if found and _settled(session, found)["status"] != "failed":
        return
    run_id = found["id"] if found else repository.new_id()
    if found:
        repository.run(session, "begin_transcription", id=run_id)
    else:
        new = {"id": run_id, "recording_id": recording_id, "model": model, "who": person.id}
        repository.run(session, "add_transcription", **new)
    payload = {"transcription_id": run_id, "user_id": person.id}
    job_id = defer(session, TASK, payload, lock=f"{TASK}-{person.agency_id}")
    repository.run(session, "transcription_job", id=run_id, job_id=job_id)


def settled(session: Session, recording_id: str) -> Row | None:
    """How far the newest transcription of a recording is."""
    found = repository.first(session, "newest_transcription", recording_id=recording_id)
    return _settled(session, found) if found else None


def heard(session: Session, transcription_id: str) -> tuple[Segment, ...]:
    """The segments kept so far."""
    rows = repository.rows(session, "segments", transcription_id=transcription_id)
    return tuple(Segment.model_validate(row["content"]) for row in rows)


class TranscribeTask:
    """The job's work. Runs in the worker, on behalf of whoever asked."""

    def __init__(self, database: Database, sounds: Sounds, listener: Listener) -> None:
        self._database = database
        self._sounds = sounds
        self._listener = listener

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Hear what is not heard yet, and keep it stretch by stretch."""
        run_id = payload["transcription_id"]
        actor = actor_of(self._database, payload["user_id"])
        try:
            self._hear(run_id, actor, context)
        except JobLost:
            raise  # the run belongs to another worker now
        except Exception as error:
            last = context.attempts + 1 >= Patience().max_attempts and not context.stopping()
            if last or isinstance(error, BadInput):
                code = error.code if isinstance(error, CmisError) else CmisError.code
                with self._database.session(actor) as session:
                    _end(session, run_id, "failed", error_code=code)
            raise

    def _hear(self, run_id: str, actor: Actor, context: JobContext) -> None:
        with self._database.session(actor) as session:
            run = repository.seen(session, "get_transcription", id=run_id)
            if run["status"] not in ALIVE:
                return
            recording = repository.seen(session, "get_recording", id=run["recording_id"])
            before = heard(session, run_id)
        sound = Sound(
            Kind(recording["decoder"], recording["media_type"]),
            recording["seconds"],
            recording["size_bytes"],
        )
        kept = len(before)

        def keep(found: Sequence[Segment], until: float, share: float) -> None:
            nonlocal kept
            context.give_way()
            with self._database.session(actor) as session:
                context.claim(session)
                self._keep(session, run_id, found[kept:], kept)
                step = {"percent": 100 * min(share, 0.99), "heard_until": until}
                repository.run(session, "transcription_step", id=run_id, **step)
            kept = len(found)

        with self._sounds.open(recording) as file:
            made = self._listener.transcribe(
                file, sound, keep=keep, before=before, until=run["heard_until"]
            )
        with self._database.session(actor) as session:
            context.claim(session)
            _end(session, run_id, "done", seconds=made.seconds)

    def _keep(self, session: Session, run_id: str, segments: Sequence[Segment], first: int) -> None:
        for ordinal, segment in enumerate(segments, start=first):
            row = {"transcription_id": run_id, "ordinal": ordinal}
            repository.run(session, "add_segment", **row, content=segment.model_dump_json())


def _settled(session: Session, run: Row) -> Row:
    """The run; ended as failed when its job is over although nobody ended the run."""
    if not is_lost(session, run):
        return run
    _end(session, run["id"], "failed", error_code="transcript.lost")
    return repository.seen(session, "get_transcription", id=run["id"])


def _end(
    session: Session,
    run_id: str,
    status: str,
    *,
    error_code: str | None = None,
    seconds: float | None = None,
) -> None:
    values = {"status": status, "error_code": error_code, "seconds": seconds}
    repository.run(session, "transcription_end", id=run_id, **values)
