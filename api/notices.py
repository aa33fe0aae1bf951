"""Notices: what the person is told, read and unread, and as server-sent events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, Field
from sse_starlette import EventSourceResponse

from api.board import LONGEST_S, streamed
from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given

router = APIRouter(prefix="/notices", tags=["notices"], responses=RESPONSES)


class NoticeOut(BaseModel):
    """A notice. ``subject_id``: the letter, deadline, conference, task, approval or opening.

    ``number`` is null for who may not see the case. ``place``: the part of the record it speaks of
    (``cases/data/notices.yaml``); ``grave``: it stands before all others.
    """

    id: str
    kind: str
    case_id: str
    number: str | None
    subject_id: str
    message_th: str
    message_en: str
    place: str | None
    grave: bool
    made_at: datetime
    read_at: datetime | None


class NoticeList(BaseModel):
    """A page of notices, and how many are unread in all."""

    items: list[NoticeOut]
    unread: int


class NoticesRead(Body):
    """Which notices were read; all of the person's when ``ids`` is left out.

    ``until``: none made after this moment, so that nothing is read unseen.
    """

    ids: list[Words] | None = Field(default=None, max_length=500)
    until: AwareDatetime | None = None


@router.get("")
def list_notices(
    person: Signed,
    services: Given,
    unread: bool = False,
    read: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> NoticeList:
    """The person's notices, the newest first; those not read, or those read, alone."""
    wanted = None if unread == read else read
    found = services.casework.notices.listed(person, read=wanted, limit=limit, offset=offset)
    return NoticeList.model_validate(found)


@router.post("/read", status_code=204)
def read_notices(body: NoticesRead, person: Signed, services: Given) -> Response:
    """Mark notices as read."""
    services.casework.notices.read(person, body.ids, body.until)
    return Response(status_code=204)


@router.get("/events")
def watch_notices(
    person: Signed,
    services: Given,
    seconds: Annotated[float, Query(ge=0, le=LONGEST_S)] = LONGEST_S,
) -> EventSourceResponse:
    """Server-sent events named ``notice``: the person's notices as they are made."""
    changed = services.casework.notices.of(person)
    return EventSourceResponse(streamed(changed, "notice", NoticeOut, seconds))
