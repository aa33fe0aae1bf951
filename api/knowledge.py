"""The shared knowledge: search, entries, the code book and the facts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import CodeBook, Hits
from api.services import Given
from knowledge_base.entries import Kind
from knowledge_base.facts import Fact
from runtime.errors import NotFound

router = APIRouter(tags=["knowledge"], responses=RESPONSES)


@router.get("/search")
def search(
    person: Signed,
    services: Given,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    k: Annotated[int, Query(ge=1, le=50)] = 10,
    kind: Kind | None = None,
) -> Hits:
    """Law, schemes, practice and added documents that the person may see, best first."""
    return Hits(hits=services.search.find(q, k, {kind} if kind else None, actor=person.actor))


@router.get("/entries/{entry_id:path}")
def entry(entry_id: str, _: Signed, services: Given) -> dict[str, Any]:
    """One entry of the knowledge base."""
    found = services.library.resolve(entry_id)
    if found is None:
        raise NotFound
    return found.model_dump(mode="json")


@router.get("/codebook")
def codebook(_: Signed, services: Given) -> CodeBook:
    """Problem codes and red flags."""
    book = services.library.codebook
    return CodeBook.model_validate(
        {"codes": list(book.codes.values()), "red_flags": list(book.red_flags.values())},
        from_attributes=True,
    )


@router.get("/facts")
def facts(_: Signed, services: Given) -> list[Fact]:
    """The vocabulary of household facts."""
    return list(services.library.facts.values())
