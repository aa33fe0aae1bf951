"""The line of a case over the wire: all that has a date, in one answer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.dependencies import Signed
from api.errors import RESPONSES
from api.services import Given
from api.views import CaseRoute

router = APIRouter(tags=["cases"], responses=RESPONSES, route_class=CaseRoute)


class Happening(BaseModel):
    """Something that happened, or is due. ``kind``: of an entry, letter, document or approval,
    the outcome of a conference; ``by_agency``: whose act, of a letter the sender's. A version of
    the plan without its ``number`` is withheld."""

    what: Literal[
        "told", "entry", "plan", "letter", "deadline", "document", "conference", "approval"
    ]
    at: datetime
    subject_id: str
    kind: str | None
    act: str | None
    words_th: str | None
    words_en: str | None
    number: int | None
    by_name: str | None
    by_agency: str | None
    party: str | None
    note: str | None


@router.get("/cases/{case_id}/timeline")
def read_timeline(case_id: str, person: Signed, services: Given) -> list[Happening]:
    """What happened in a case and what is still to come, the newest first."""
    found = services.casework.happenings.of_case(person, case_id)
    return [Happening.model_validate(row) for row in found]
