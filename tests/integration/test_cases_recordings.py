"""Recordings in the record: who may touch which row; runs that fail, are lost, are asked again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cases.errors import RecordingElsewhere, TranscriptPending, TranscriptTooLong
from cases.people import Person
from cases.transcribing import TranscribeTask
from runtime.actor import Actor
from runtime.jobs import JobContext, JobLost, Patience
from runtime.sealed_files import SealBroken
from tests.integration.record import Record
from tests.sounds import tone, write

TABLES = ("recordings", "transcriptions", "heard_segments", "transcript_texts")
ITS = {
    "recordings": "id = :recording",
    "transcriptions": "recording_id = :recording",
    "heard_segments": "transcription_id = :run",
    "transcript_texts": "transcription_id = :run",
}
PITCH = iter(range(300, 900, 7))


@pytest.fixture
def kept(record: Record, owner: Person, tmp_path: Path) -> dict[str, Any]:
    """A recording of its own, its transcript asked for."""
    content = write(tmp_path / "a.wav", tone(1, next(PITCH))).read_bytes()
    return record.services.recordings.keep(owner, io.BytesIO(content), "a.wav")


def run_of(record: Record, recording: dict[str, Any]) -> Any:
    (row,) = record.owner("SELECT * FROM transcriptions WHERE recording_id = :r", r=recording["id"])
    return row


def task(record: Record) -> TranscribeTask:
    return TranscribeTask(record.database, record.wiring.sounds, record.wiring.listener)


def context(job_id: int, attempts: int = 0, worker_id: int | None = None) -> JobContext:
    return JobContext(job_id, "transcribe", attempts, worker_id, lambda: False)


def fill(record: Record, run_id: str, owner: Person) -> None:
    record.owner("INSERT INTO heard_segments VALUES (:t, 0, '{}')", t=run_id)
    record.owner("INSERT INTO transcript_texts VALUES (:t, 1, 'x', '[]', :u)", t=run_id, u=owner.id)


def test_only_the_agency_sees_the_rows(record: Record, owner: Person, kept: dict[str, Any]) -> None:
    run = run_of(record, kept).id
    fill(record, run, owner)
    its = {"recording": kept["id"], "run": run}
    others = [
        None,
        Actor(owner.id, "bpd", "social_worker_shelter"),
        Actor(owner.id, owner.agency_id, "mdt_member"),
        Actor(owner.id, owner.agency_id, "auditor"),
    ]
    for actor in others:
        with record.database.session(actor) as session:
            counts = [session.scalar(text(seen(table)), its) for table in TABLES]
        assert counts == [0, 0, 0, 0]
    with record.database.session(owner.actor) as session:
        assert all(session.scalar(text(seen(table)), its) for table in TABLES)
    never_heard(record, run)


def never_heard(record: Record, run_id: str) -> None:
    """Nobody works on a run that holds no true segment: five tries would keep others waiting."""
    record.owner(
        "UPDATE procrastinate_jobs SET status = 'cancelled'"
        " WHERE id = (SELECT job_id FROM transcriptions WHERE id = :t)",
        t=run_id,
    )


def seen(table: str) -> str:
    """How many rows of one recording somebody sees in a table."""
    return f"SELECT count(*) FROM {table} WHERE {ITS[table]}"  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM recordings",
        "DELETE FROM transcriptions",
        "DELETE FROM heard_segments",
        "DELETE FROM transcript_texts",
        "UPDATE recordings SET sha256 = 'x'",
        "UPDATE transcriptions SET model = 'x'",
        "UPDATE heard_segments SET content = '{}'",
        "UPDATE transcript_texts SET text = 'x'",
    ],
)
def test_what_was_kept_is_not_changed(record: Record, owner: Person, change: str) -> None:
    with pytest.raises(ProgrammingError), record.database.session(owner.actor) as session:
        session.execute(text(change))


def test_nothing_is_kept_in_another_s_name_or_agency(
    record: Record, owner: Person, colleague: Person, kept: dict[str, Any]
) -> None:
    new = (
        "INSERT INTO recordings (id, agency_id, sha256, salt, size_bytes, decoder, media_type,"
        " file_name, created_by) VALUES ('n', :a, 's', '', 1, 'wav', 'audio/wav', 'a', :u)"
    )
    run = (
        "INSERT INTO transcriptions (id, recording_id, model, requested_by)"
        " VALUES ('n', :r, 'm', :u)"
    )
    for statement, values in (
        (new, {"a": "bpd", "u": owner.id}),
        (new, {"a": owner.agency_id, "u": colleague.id}),
        (run, {"r": kept["id"], "u": colleague.id}),
    ):
        with pytest.raises(ProgrammingError), record.database.session(owner.actor) as session:
            session.execute(text(statement), values)


def test_the_same_sound_of_a_hidden_case_is_refused_and_left_whole(
    record: Record, owner: Person, colleague: Person, tmp_path: Path
) -> None:
    content = write(tmp_path / "a.wav", tone(1, next(PITCH))).read_bytes()
    recordings = record.services.recordings
    recording = recordings.keep(owner, io.BytesIO(content), "a.wav")
    case_id = record.opened(owner)
    record.owner("UPDATE recordings SET case_id = :c WHERE id = :r", c=case_id, r=recording["id"])
    record.owner("UPDATE cases SET agency_id = 'bpd' WHERE id = :c", c=case_id)
    with pytest.raises(RecordingElsewhere):
        recordings.keep(colleague, io.BytesIO(content), "b.wav")
    record.owner("UPDATE cases SET agency_id = :a WHERE id = :c", c=case_id, a=owner.agency_id)
    with recordings.sound(owner, recording["id"])[1] as file:
        assert file.read() == content


@pytest.mark.parametrize("status", ["failed", "cancelled", "aborted", "succeeded"])
def test_a_run_whose_job_is_over_is_lost_and_can_be_asked_for_again(
    record: Record, owner: Person, kept: dict[str, Any], status: str
) -> None:
    recordings = record.services.recordings
    job = run_of(record, kept).job_id
    record.owner(
        "UPDATE procrastinate_jobs SET status = CAST(:s AS procrastinate_job_status) WHERE id = :j",
        s=status,
        j=job,
    )
    seen = recordings.read(owner, kept["id"])["transcription"]
    assert (seen["status"], seen["error_code"]) == ("failed", "transcript.lost")
    assert recordings.request(owner, kept["id"])["transcription"]["status"] == "queued"
    record.work()
    assert recordings.read(owner, kept["id"])["transcription"]["status"] == "done"


def test_work_of_a_lost_job_is_thrown_away(
    record: Record, owner: Person, kept: dict[str, Any]
) -> None:
    run = run_of(record, kept)
    payload = {"transcription_id": run.id, "user_id": owner.id}
    with pytest.raises(JobLost):
        task(record)(payload, context(run.job_id, worker_id=-1))
    assert run_of(record, kept).status == "queued"
    record.work()
    task(record)(payload, context(run.job_id))
    assert run_of(record, kept).status == "done"


def test_a_sound_file_that_cannot_be_opened_fails_the_run_and_loses_nothing(
    record: Record, owner: Person, kept: dict[str, Any]
) -> None:
    with record.database.session(owner.actor) as session:
        row = session.execute(
            text("SELECT * FROM recordings WHERE id = :r"), {"r": kept["id"]}
        ).one()
    path = record.wiring.sounds.path(row._asdict())
    away = path.rename(path.with_suffix(".away"))
    run = run_of(record, kept)
    payload = {"transcription_id": run.id, "user_id": owner.id}
    for attempts in range(Patience().max_attempts):
        assert run_of(record, kept).status == "queued"
        with pytest.raises(SealBroken):
            task(record)(payload, context(run.job_id, attempts))
    assert (run_of(record, kept).status, run_of(record, kept).error_code) == (
        "failed",
        "sealed.broken",
    )
    with pytest.raises(TranscriptPending):
        record.services.transcripts.read(owner, kept["id"])
    away.rename(path)
    record.services.recordings.request(owner, kept["id"])
    record.work()
    assert run_of(record, kept).status == "done"


def test_a_text_longer_than_a_story_is_refused(
    record: Record, owner: Person, kept: dict[str, Any]
) -> None:
    with pytest.raises(TranscriptTooLong):
        record.services.transcripts.correct(owner, kept["id"], "ก" * 100_001, revision=0)
