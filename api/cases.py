"""Cases: open one from a story, list and read them, decide on their codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.case_schemas import (
    Asked,
    BeingTold,
    CaseFile,
    CaseList,
    CodeDecision,
    EarlierOut,
    FlagDecision,
    NewCase,
    Trail,
)
from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Level, Status
from api.services import Given
from api.story_schemas import Told
from api.views import CaseRoute

Once = Annotated[str | None, Header(alias="Idempotency-Key", min_length=8, max_length=200)]
router = APIRouter(prefix="/cases", tags=["cases"], responses=RESPONSES, route_class=CaseRoute)


@router.post("", status_code=201)
def open_case(body: NewCase, person: Signed, services: Given, once: Once = None) -> CaseFile:
    """Open a case from a narrative; it is coded at once.

    Sent again with the same ``Idempotency-Key``, it answers with the case opened the first time.
    """
    looked = body.looked
    case_id = services.files.open(
        person,
        body.narrative,
        title=body.title,
        source=body.source,
        received_at=body.received_at,
        recording_ids=body.recording_ids,
        key=once,
        together=services.people.earlier.kept(person, looked.check_id, looked.not_same)
        if looked
        else None,
    )
    return CaseFile.model_validate(services.files.read(person, case_id))


@router.get("")
def list_cases(
    person: Signed,
    services: Given,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    status: Status | None = None,
    urgency: Level | None = None,
    still_open: Annotated[bool | None, Query(alias="open")] = None,
    q: Annotated[str | None, Query(max_length=120)] = None,
) -> CaseList:
    """The cases this person may see, most urgent first; ``q`` as in ``POST /cases/search``.

    ``open`` keeps cases whose plan is not approved and that are not closed (false: the others).
    """
    found = services.caseload.listed(
        person,
        limit,
        offset,
        status=status,
        urgency=urgency,
        words=q or None,
        still_open=still_open,
    )
    return CaseList.model_validate(found)


@router.post("/search")
def search_cases(body: Asked, person: Signed, services: Given) -> CaseList:
    """The cases with words in their title, number or story, or with somebody of that name, citizen
    number or phone; each says by what it was found. What is typed stands in no address."""
    found = services.caseload.listed(
        person,
        body.limit,
        body.offset,
        status=body.status,
        urgency=body.urgency,
        words=body.words or None,
        still_open=body.open,
    )
    return CaseList.model_validate(found)


@router.post("/duplicates")
def find_earlier_cases(body: BeingTold, person: Signed, services: Given) -> EarlierOut:
    """Cases that a story may belong to, and agencies that may know somebody of it.

    Nothing of the story is kept, only that somebody asked and which cases were shown.
    """
    found = services.people.earlier.like(person, body.narrative, body.identity)
    return EarlierOut.model_validate(found)


@router.get("/{case_id}")
def read_case(case_id: str, person: Signed, services: Given) -> CaseFile:
    """One case with its story, codes, versions and latest draft."""
    return CaseFile.model_validate(services.files.read(person, case_id))


@router.post("/{case_id}/story", status_code=201)
def add_story(
    case_id: str, body: Told, person: Signed, services: Given, once: Once = None
) -> CaseFile:
    """Add to a case's story what was told later; the whole is coded anew, decisions stand.

    Sent again with the same ``Idempotency-Key``, it adds nothing more.
    """
    services.more_told.add(
        person,
        case_id,
        body.narrative,
        base=body.base,
        source=body.source,
        told_at=body.told_at,
        recording_ids=body.recording_ids,
        key=once,
    )
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


@router.post("/{case_id}/flags", status_code=204)
def decide_flag(case_id: str, body: FlagDecision, person: Signed, services: Given) -> Response:
    """Say whether the unconfirmed words behind a red flag were said so; the flag itself stays."""
    services.flags.decide(person, case_id, body.flag, body.decision)
    return Response(status_code=204)
