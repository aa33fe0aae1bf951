"""The shared knowledge: search, entries, the code book and the facts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.codebook_schemas import CodeBook, FoundEntry, Hits
from api.dependencies import Signed
from api.errors import RESPONSES
from api.knowledge_schemas import Dated, Evidence, EvidenceOf, KnowledgeChanges, KnowledgeDue
from api.services import Given, Services
from knowledge_base.entries import Kind
from knowledge_base.evidence import gather
from knowledge_base.facts import Fact
from knowledge_base.hotlines import Hotline
from knowledge_base.search import Hit
from runtime.clock import today
from runtime.errors import NotFound

router = APIRouter(tags=["knowledge"], responses=RESPONSES)


@router.get("/search")
def search(
    person: Signed,
    services: Given,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    k: Annotated[int, Query(ge=1, le=50)] = 10,
    kind: Kind | None = None,
    as_of: date | None = None,
    source: Annotated[str | None, Query(max_length=200)] = None,
    *,
    follow: bool = False,
) -> Hits:
    """Law, schemes, practice and added documents that the person may see, best first.

    ``as_of``: in force on that day; ``source``: the library's entries of this act, section or
    source; ``follow``: also what the hits refer to.
    """
    kinds = {kind} if kind else None
    found = services.search.find(q, k, kinds, as_of, actor=person.actor, source=source)
    if follow:
        found = [*found, *services.search.shared.following(found, as_of)]
    return Hits(hits=[_checked(hit, services) for hit in found])


@router.get("/evidence")
def evidence(
    _: Signed,
    services: Given,
    code: Annotated[list[str], Query(min_length=1, max_length=20)],
    as_of: date | None = None,
) -> Evidence:
    """The set each problem needs: law, schemes and practice, and which kind is still missing."""
    library, day = services.library, as_of or today()
    found = gather(library, services.search.shared, code, day)
    sets = [
        EvidenceOf(
            code=each,
            missing=found.missing.get(each, ()),
            entries=[_told(i, services) for ids in kinds.values() for i in ids],
        )
        for each, kinds in found.by_code.items()
    ]
    return Evidence(as_of=day, problems=sets)


@router.get("/hotlines")
def hotlines(_: Signed, services: Given) -> list[Hotline]:
    """Every line that may be named, with the day somebody last confirmed it."""
    return list(services.library.hotlines.values())


@router.get("/knowledge/changes")
def changes(person: Signed, services: Given) -> KnowledgeChanges:
    """What came into force or ended of late, what was added, and open plans that cite changes."""
    return KnowledgeChanges.model_validate(services.lately.of(person), from_attributes=True)


@router.get("/knowledge/due")
def due(person: Signed, services: Given) -> KnowledgeDue:
    """Entries due for review and added documents that nobody has reviewed."""
    return KnowledgeDue.model_validate(services.lately.due(person), from_attributes=True)


@router.get("/entries/{entry_id:path}")
def entry(entry_id: str, _: Signed, services: Given) -> dict[str, Any]:
    """One entry of the knowledge base, and what it refers to by name."""
    found = services.library.resolve(entry_id)
    if found is None:
        raise NotFound
    referred = (services.library.resolve(citation) for citation in found.see)
    beside = [_told(e.id, services).model_dump(mode="json") for e in referred if e]
    told = found.model_dump(mode="json")
    return told | {"title_en": services.library.title_en(found.id), "see_also": beside}


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


def _told(entry_id: str, services: Services) -> Dated:
    found = services.library.entries[entry_id]
    return Dated(
        id=found.id,
        kind=found.kind.value,
        title_th=found.title_th,
        title_en=services.library.title_en(found.id),
        confidence=found.confidence.value,
        effective_from=found.effective_from,
        effective_to=found.effective_to,
    )


def _checked(hit: Hit, services: Services) -> FoundEntry:
    found = services.library.resolve(hit.id)
    told = hit.model_dump()
    if found is not None:
        told |= {
            "title_en": services.library.title_en(hit.id),
            "confidence": found.confidence.value,
            "effective_from": found.effective_from,
            "effective_to": found.effective_to,
        }
    return FoundEntry.model_validate(told)
