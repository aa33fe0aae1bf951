"""The shared knowledge: search, entries, the code book, and screening of schemes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import SchemeRequest
from api.services import Given
from knowledge_base.eligibility import in_danger, next_question, screen
from knowledge_base.entries import Kind
from runtime.clock import today
from runtime.errors import NotFound

router = APIRouter(tags=["knowledge"], responses=RESPONSES)
DANGER_LINES = ("191", "1669", "1323", "1300")


@router.get("/search")
def search(
    _: Signed,
    services: Given,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    k: Annotated[int, Query(ge=1, le=50)] = 10,
    kind: Kind | None = None,
) -> dict[str, Any]:
    """Law, schemes and practice, best first."""
    hits = services.search.find(q, k=k, kinds={kind} if kind else None)
    return {"hits": [hit.model_dump() for hit in hits]}


@router.get("/entries/{entry_id:path}")
def entry(entry_id: str, _: Signed, services: Given) -> dict[str, Any]:
    """One entry of the knowledge base."""
    found = services.library.resolve(entry_id)
    if found is None:
        raise NotFound
    return found.model_dump(mode="json")


@router.get("/codebook")
def codebook(_: Signed, services: Given) -> dict[str, Any]:
    """Problem codes and red flags."""
    book = services.library.codebook
    fields = {"code", "label_th", "label_en", "domain", "definition"}
    return {
        "codes": [c.model_dump(include=fields) for c in book.codes.values()],
        "red_flags": [f.model_dump(include={"id", "sign"}) for f in book.red_flags.values()],
    }


@router.get("/facts")
def facts(_: Signed, services: Given) -> list[dict[str, Any]]:
    """The vocabulary of household facts."""
    return [fact.model_dump() for fact in services.library.facts.values()]


@router.post("/schemes")
def schemes(body: SchemeRequest, _: Signed, services: Given) -> dict[str, Any]:
    """Screen every scheme; danger comes first, then the one question that decides most."""
    found = screen(services.library, body.facts, body.as_of or today())
    return {
        "call_first": list(DANGER_LINES) if in_danger(body.facts) else [],
        "next_question": next_question(services.library, found),
        "schemes": [s.to_json() for s in found],
    }
