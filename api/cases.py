"""Cases: open one from a story, list and read them, decide on their codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import CaseFile, CaseList, CodeDecision, Level, NewCase, Status, Trail
from api.services import Given

router = APIRouter(prefix="/cases", tags=["cases"], responses=RESPONSES)


@router.post("", status_code=201)
def open_case(body: NewCase, person: Signed, services: Given) -> CaseFile:
    """Open a case from a narrative; it is coded at once."""
    case_id = services.files.open(
        person,
        body.narrative,
        title=body.title,
        source=body.source,
        received_at=body.received_at,
        recording_id=body.recording_id,
    )
    return CaseFile.model_validate(services.files.read(person, case_id))


@router.get("")
def list_cases(
    person: Signed,
    services: Given,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    status: Status | None = None,
    urgency: Level | None = None,
    q: Annotated[str | None, Query(max_length=120)] = None,
) -> CaseList:
    """The cases this person may see, most urgent first; ``q`` in the title or the number."""
    found = services.files.listed(
        person, limit, offset, status=status, urgency=urgency, words=q or None
    )
    return CaseList.model_validate(found)


@router.get("/{case_id}")
def read_case(case_id: str, person: Signed, services: Given) -> CaseFile:
    """One case with its story, codes, versions and latest draft."""
    return CaseFile.model_validate(services.files.read(person, case_id))


@router.get("/{case_id}/trail")
def read_trail(case_id: str, person: Signed, services: Given) -> Trail:
    """Who did what in this case, and whether the record is what was written."""
    return Trail.model_validate(services.integrity.trail(person, case_id))


@router.post("/{case_id}/codes", status_code=204)
def decide_code(case_id: str, body: CodeDecision, person: Signed, services: Given) -> Response:
    """Accept, remove or add a problem code."""
    services.files.decide_code(person, case_id, body.code, body.decision)
    return Response(status_code=204)
