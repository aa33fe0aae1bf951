"""Added documents: read before they are decided on, accepted or refused with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given

router = APIRouter(prefix="/knowledge/sources", tags=["knowledge"], responses=RESPONSES)
FURTHEST = 10_000_000


class SourceOut(BaseModel):
    """An added document; ``agency_id`` None: for everybody."""

    id: str
    agency_id: str | None
    title: str
    file_name: str
    kind: str
    passages: int
    added_by: str
    added_at: datetime
    review: str
    reason: str
    reviewed_by: str | None
    reviewed_at: datetime | None
    may_decide: bool


class SourcesOut(BaseModel):
    """What waits, and what was decided last."""

    waiting: list[SourceOut]
    decided: list[SourceOut]


class PassageOut(BaseModel):
    """A passage as it would be cited."""

    ordinal: int
    context: str
    text: str
    page: int | None
    section: str | None
    law_title: str | None


class WarningOut(BaseModel):
    """Something a reviewer should see; ``passages`` are the first places."""

    kind: str
    count: int
    passages: list[int]
    about: list[str]


class ReviewOut(BaseModel):
    """An earlier decision."""

    review: str
    reason: str
    done_by: str
    done_at: datetime


class SourceRead(SourceOut):
    """A document with a page of its passages, its warnings, and its decisions."""

    shown: list[PassageOut]
    warnings: list[WarningOut]
    reviews: list[ReviewOut]


class DecisionBody(Body):
    """Yes or no, and why; ``was``: how far it was reviewed when the person looked."""

    decision: Literal["accepted", "rejected"]
    reason: Words = Field(max_length=2000)
    was: Literal["waiting", "accepted", "rejected"] = "waiting"


@router.get("")
def list_sources(person: Signed, services: Given) -> SourcesOut:
    """Documents that wait for a review, and the last that had one."""
    return SourcesOut.model_validate(services.source_reviews.listed(person))


@router.get("/{source_id}")
def read_source(
    source_id: str,
    person: Signed,
    services: Given,
    begin: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
) -> SourceRead:
    """What is in a document: passages from ``begin`` on, warnings, earlier decisions."""
    found = services.source_reviews.read(person, source_id, begin)
    return SourceRead.model_validate(found, from_attributes=True)


@router.post("/{source_id}/review", status_code=204)
def decide_source(source_id: str, body: DecisionBody, person: Signed, services: Given) -> Response:
    """Accept or refuse; only what is accepted is cited."""
    services.source_reviews.decide(person, source_id, body.was, body.decision, body.reason)
    return Response(status_code=204)
