"""Welfare schemes over the wire: the list as a household is told of it, and the screening."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body
from api.services import Given
from knowledge_base.appeals import Appeal
from knowledge_base.eligibility import VERIFIED, Screening, in_danger, next_question, screen
from knowledge_base.entries import Confidence
from knowledge_base.schemes import CriterionKind, Scheme
from runtime.clock import today

router = APIRouter(tags=["knowledge"], responses=RESPONSES)
DANGER_LINES = ("191", "1669", "1323", "1300")


class SchemeRequest(Body):
    """Household facts to screen schemes with."""

    facts: dict[str, Any]
    as_of: date | None = None


class CriterionOut(BaseModel):
    """One criterion in words."""

    id: str
    kind: CriterionKind
    th: str


class SchemeOut(BaseModel):
    """One scheme: for whom, what, where, with what, and how to ask for another look."""

    id: str
    name_th: str
    name_en: str
    group_th: str
    agency_th: str | None
    target_th: str | None
    apply_th: str | None
    documents_th: tuple[str, ...]
    hotlines: tuple[str, ...]
    criteria: list[CriterionOut]
    amounts_th: list[str]
    appeal_th: str
    confidence: Confidence
    reviewed_on: date | None


class Screenings(BaseModel):
    """Numbers to call before anything else, the question that decides most, and every verdict."""

    call_first: list[str]
    next_question: str | None
    schemes: list[Screening]


@router.get("/schemes")
def scheme_list(_: Signed, services: Given, as_of: date | None = None) -> list[SchemeOut]:
    """Every scheme as a household may be told of it, with the amounts of a day (today)."""
    library, day = services.library, as_of or today()
    return [scheme_out(s, library.appeals[s.appeal], day) for s in library.schemes.values()]


@router.post("/schemes")
def schemes(body: SchemeRequest, _: Signed, services: Given) -> Screenings:
    """Screen every scheme; danger comes first, then the one question that decides most."""
    found = screen(services.library, body.facts, body.as_of or today())
    return Screenings(
        call_first=list(DANGER_LINES) if in_danger(body.facts) else [],
        next_question=next_question(services.library, found),
        schemes=found,
    )


def scheme_out(scheme: Scheme, appeal: Appeal, day: date) -> SchemeOut:
    """A scheme with the verified amounts of a day."""
    told = scheme.model_dump(include=set(SchemeOut.model_fields))
    amounts = [r.th for r in scheme.rates if r.evidence == VERIFIED and r.holds(day)]
    return SchemeOut.model_validate(told | {"amounts_th": amounts, "appeal_th": appeal.th})
