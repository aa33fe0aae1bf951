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
from knowledge_base.eligibility import VERIFIED, Screening, in_danger, next_fact, screen
from knowledge_base.entries import Confidence
from knowledge_base.schemes import CriterionKind, Scheme
from runtime.clock import today

router = APIRouter(tags=["knowledge"], responses=RESPONSES)
DANGER_LINES = ("191", "1669", "1323", "1300")


class SchemeRequest(Body):
    """Household facts to screen schemes with; what the household cannot say is not asked again."""

    facts: dict[str, Any]
    as_of: date | None = None
    not_known: tuple[str, ...] = ()


class CriterionOut(BaseModel):
    """One criterion in words."""

    id: str
    kind: CriterionKind
    th: str
    en: str | None


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
    amounts_en: list[str]
    appeal_th: str
    appeal_en: str | None
    confidence: Confidence
    reviewed_on: date | None


class Screenings(BaseModel):
    """Numbers to call before anything else, the question that decides most, and every verdict.

    ``decides`` is how many schemes wait for ``next_fact``.
    """

    call_first: list[str]
    next_question: str | None
    next_fact: str | None
    decides: int
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
    fact = next_fact(services.library, found, body.not_known)
    return Screenings(
        call_first=list(DANGER_LINES) if in_danger(body.facts) else [],
        next_question=fact.ask_th if fact else None,
        next_fact=fact.field if fact else None,
        decides=sum(s.verdict == "ask" and fact.field in s.missing for s in found) if fact else 0,
        schemes=found,
    )


def scheme_out(scheme: Scheme, appeal: Appeal, day: date) -> SchemeOut:
    """A scheme with the verified amounts of a day."""
    told = scheme.model_dump(include=set(SchemeOut.model_fields))
    rates = [r for r in scheme.rates if r.evidence == VERIFIED and r.holds(day)]
    more = {
        "amounts_th": [r.told(day, "th") for r in rates],
        "amounts_en": [r.told(day, "en") for r in rates],
        "appeal_th": appeal.th,
        "appeal_en": appeal.en,
    }
    return SchemeOut.model_validate(told | more)
