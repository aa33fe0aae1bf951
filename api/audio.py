"""Recordings: send one, watch it being written down, correct the text, listen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.audio_schemas import Recording, RecordingList, TranscriptOut, TranscriptText
from api.dependencies import Signed
from api.errors import RESPONSES, RequestUnreadable
from api.ranges import ranged
from api.services import Given
from intake.sound_files import ENDINGS

router = APIRouter(prefix="/audio", tags=["audio"], responses=RESPONSES)
FIELD = "file"
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/*": {}}, "description": "The recording."},
    206: {"content": {"audio/*": {}}, "description": "The part asked for."},
    416: {"description": "No such part."},
}


@router.post("", status_code=202, openapi_extra=FORM)
async def send_recording(request: Request, person: Signed, services: Given) -> Recording:
    """Keep a recording (wav, mp3, m4a, ogg, flac, webm) and have it written down by a worker.

    The form is read only after the person is known.
    """
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get(FIELD)
        if not isinstance(sent, UploadFile):
            raise RequestUnreadable(fields=FIELD)
        kept = await run_in_threadpool(
            services.recordings.keep, person, sent.file, sent.filename or ""
        )
    return Recording.model_validate(kept)


@router.get("")
def list_waiting(person: Signed, services: Given) -> RecordingList:
    """The person's own recordings that no case was opened from yet, and what may be sent."""
    limits = {
        "kinds": ENDINGS,
        "minutes": services.settings.audio_max_minutes,
        "megabytes": services.settings.audio_max_mb,
    }
    items = services.recordings.waiting(person)
    return RecordingList.model_validate({"items": items, "limits": limits})


@router.get("/{recording_id}")
def read_recording(recording_id: str, person: Signed, services: Given) -> Recording:
    """A recording and how far it is written down."""
    return Recording.model_validate(services.recordings.read(person, recording_id))


@router.post("/{recording_id}/transcription", status_code=202)
def request_transcript(recording_id: str, person: Signed, services: Given) -> Recording:
    """Have it written down again after a failure, or by a new model; otherwise nothing is done."""
    return Recording.model_validate(services.recordings.request(person, recording_id))


@router.get("/{recording_id}/transcript")
def read_transcript(recording_id: str, person: Signed, services: Given) -> TranscriptOut:
    """What was heard, and the newest text."""
    return TranscriptOut.model_validate(services.transcripts.read(person, recording_id))


@router.put("/{recording_id}/transcript")
def correct_transcript(
    recording_id: str, body: TranscriptText, person: Signed, services: Given
) -> TranscriptOut:
    """Write the text anew; what was changed or confirmed is no longer doubted."""
    written = services.transcripts.correct(
        person,
        recording_id,
        body.text,
        revision=body.revision,
        confirmed=body.confirmed,
        all_confirmed=body.all_confirmed,
    )
    return TranscriptOut.model_validate(written)


@router.get("/{recording_id}/sound", responses=SOUND, response_class=Response)
def hear_recording(
    recording_id: str,
    person: Signed,
    services: Given,
    asked: Annotated[str | None, Header(alias="Range")] = None,
) -> Response:
    """The recording itself, whole or in the part that a Range header asks for."""
    recording, file = services.recordings.sound(person, recording_id)
    return ranged(file, recording["size_bytes"], recording["media_type"], asked)
