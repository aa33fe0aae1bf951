"""Deadlines over all of a person's cases: by hours left, by day, with section and start."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given, Services
from cases.casebook import casebook

router = APIRouter(tags=["deadlines"], responses=RESPONSES)


class Section(BaseModel):
    """A cited section by its title."""

    id: str
    title_th: str
    title_en: str | None


class OpenDeadline(BaseModel):
    """An open deadline; ``start``: what set it going. ``first_due``: before it was put off.

    ``may_end``: it is this person's to end or put off. ``danger``: it tells of danger.
    """

    id: str
    case_id: str
    number: str
    kind: str
    duty_th: str
    duty_en: str
    statutory: bool
    due: datetime
    first_due: datetime | None
    reason: str | None
    overdue: bool
    danger: bool
    may_end: bool
    start_th: str | None
    start_en: str | None
    sections: list[Section]


class DayCount(BaseModel):
    """How many are due on a day in Bangkok."""

    day: date
    count: int
    statutory: int


class EndedDeadline(BaseModel):
    """A deadline ended today whose ending this person may take back."""

    id: str
    case_id: str
    number: str
    kind: str
    duty_th: str
    duty_en: str
    statutory: bool
    status: Literal["done", "cancelled"]
    done_at: datetime
    done_name: str | None
    reason: str | None


class OpenDeadlines(BaseModel):
    """The first of them, the most pressing first, all of them counted by day, those ended today."""

    items: list[OpenDeadline]
    days: list[DayCount]
    ended: list[EndedDeadline]


class Extension(Body):
    """A later moment, and why."""

    due: AwareDatetime
    reason: Words = Field(min_length=1, max_length=2000)


@router.get("/deadlines")
def list_open_deadlines(
    person: Signed, services: Given, days: Annotated[int, Query(ge=1, le=400)] = 35
) -> OpenDeadlines:
    """Open deadlines due within ``days``, overdue ones first."""
    found = services.casework.deadlines.open_of(person, days)
    items = [row | _told(row, services) for row in found["items"]]
    return OpenDeadlines.model_validate(found | {"items": items})


@router.post("/deadlines/{deadline_id}/extension", status_code=204)
def extend_deadline(deadline_id: str, body: Extension, person: Signed, services: Given) -> Response:
    """Put a deadline off; one of the law stays where it is (422)."""
    services.casework.deadlines.extend(person, deadline_id, body.due, body.reason)
    return Response(status_code=204)


def _told(row: dict[str, Any], services: Services) -> dict[str, Any]:
    """Section and start of a row, in words."""
    cited = (services.library.resolve(s) for s in row.pop("sections") or ())
    sections = [
        {"id": entry.id, "title_th": entry.title_th, "title_en": entry.title_en}
        for entry in cited
        if entry
    ]
    start, kind = row.pop("start"), row.pop("entry_kind")
    event = services.library.starts.get(start or "")
    form = casebook("entries")["forms"].get(kind or "", {})
    return {
        "sections": sections,
        "start_th": event.th if event else form.get("th"),
        "start_en": (event.en if event else None) or form.get("en"),
    }
