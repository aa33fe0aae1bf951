"""Documents sent to become knowledge: several in a form, read by a worker, each with its result."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.audio import FIELD
from api.dependencies import Signed
from api.errors import RESPONSES
from api.sent_files import sent_files
from api.services import Given
from cases.source_arrivals import MOST_FILES
from knowledge_base.adding import MB
from knowledge_base.reading import KINDS

router = APIRouter(prefix="/knowledge", tags=["knowledge"], responses=RESPONSES)
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                }
            }
        },
    }
}


class RefusalOut(BaseModel):
    """Why a file is not in."""

    code: str
    message_th: str
    message_en: str


class WarningCount(BaseModel):
    """A warning of the document, as `GET /knowledge/sources/{source_id}` tells it in full."""

    kind: str
    count: int


class ArrivalOut(BaseModel):
    """A file that was sent. ``agency_id`` None: for everybody; ``known``: it was in already.

    ``review`` is None until it is in, and again when it was taken out.
    """

    id: str
    agency_id: str | None
    file_name: str
    size_bytes: int
    status: Literal["queued", "running", "done", "refused", "failed"]
    percent: float
    source_id: str | None
    title: str | None
    passages: int | None
    review: str | None
    known: bool
    warnings: list[WarningCount]
    refusal: RefusalOut | None
    sent_by: str | None
    sent_at: datetime
    ended_at: datetime | None


class ArrivalLimits(BaseModel):
    """What is taken: endings of names, megabytes a file, files at once."""

    kinds: list[str]
    megabytes: float
    files: int


class ArrivalsOut(BaseModel):
    """The newest files, what may be sent, and whether for everybody."""

    items: list[ArrivalOut]
    limits: ArrivalLimits
    may_share: bool


@router.post("/sources", status_code=202, openapi_extra=FORM)
async def send_sources(
    request: Request,
    person: Signed,
    services: Given,
    shared: Annotated[bool, Query()] = False,
) -> list[ArrivalOut]:
    """Add documents (field ``file``, several) for one's agency, or for everybody; a worker reads.

    The form is read only after the person is known to be allowed.
    """
    arrivals = services.source_arrivals
    arrivals.may_send(person, shared=shared)
    most_bytes = int(services.settings.document_max_mb * MB)
    async with sent_files(request, most=MOST_FILES, most_bytes=most_bytes) as sent:
        kept = await run_in_threadpool(arrivals.send, person, sent, shared=shared)
    return [ArrivalOut.model_validate(row) for row in kept]


@router.get("/arrivals")
def list_arrivals(person: Signed, services: Given) -> ArrivalsOut:
    """Documents on their way, and what became of those sent last."""
    items = services.source_arrivals.listed(person)
    limits = {
        "kinds": [ending.removeprefix(".") for ending in KINDS],
        "megabytes": services.settings.document_max_mb,
        "files": MOST_FILES,
    }
    shares = person.role == "administrator"
    return ArrivalsOut.model_validate({"items": items, "limits": limits, "may_share": shares})
