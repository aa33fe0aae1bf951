"""Search over the reviewed library together with what offices added.

The library's own hits and scores stay as they are. An added passage is scored by the same legs on
the library's scale of that question, so it stands where it would stand among the entries. Of
shared passages the tokens are kept in memory and vectors found by the index; an agency's own are
read within the asking transaction, so row-level security has decided before anything is scored,
and compared exactly.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from knowledge_base import source_repository as repository
from knowledge_base.borrowed_bm25 import Postings
from knowledge_base.entries import Kind
from knowledge_base.fusion import Scores, fused, weighted
from knowledge_base.laws import Law
from knowledge_base.library import Library
from knowledge_base.ranking import DEPTH
from knowledge_base.references import named_sections
from knowledge_base.search import Hit, Search
from knowledge_base.source_repository import Shelved, Tokens
from knowledge_base.statutes import law_key
from runtime.actor import Actor
from runtime.database import Database

LEGS = ("words", "trigrams")
Products = Mapping[tuple[str, int], float]


@dataclass(frozen=True)
class _Shelf:
    """Passages by their tokens."""

    tokens: tuple[Tokens, ...]
    postings: Mapping[str, Postings]
    rows: Mapping[tuple[str, int], int]

    @classmethod
    def of(cls, tokens: list[Tokens], *, kept: bool = False) -> _Shelf:
        legs = {
            "words": Postings([t.words for t in tokens], in_order=kept),
            "trigrams": Postings([t.trigrams for t in tokens], in_order=kept),
        }
        return cls(tuple(tokens), legs, {t.key: row for row, t in enumerate(tokens)})


@dataclass(frozen=True)
class _Scored:
    """A passage's place among the hits."""

    key: tuple[str, int]
    score: float
    legs: dict[str, float]


class OfficeSearch:
    """Searches the library, the shared documents, and those of the agency that asks."""

    def __init__(self, database: Database, library: Library, search: Search, model: str) -> None:
        self._database = database
        self._library = library
        self._search = search
        self._model = model
        self._laws = {law_key(law.title_th): law for law in library.laws.values()}
        self._lock = threading.Lock()
        self._state: str | None = None
        self._shared = _Shelf.of([])

    def find(
        self,
        query: str,
        k: int = 10,
        kinds: Collection[Kind] | None = None,
        as_of: date | None = None,
        actor: Actor | None = None,
        source: str | None = None,
    ) -> list[Hit]:
        """The ``k`` best of all ``actor`` may see, best first; of ``source``, the library's alone.

        A hit of a source that nobody has accepted says so (``review`` is ``waiting``). A section
        of an accepted statute that an entry speaks of is that entry, in the law's own words.
        Raises what `Search.find` raises.
        """
        if source:
            return self._search.find(query, k, kinds, as_of, source)
        own = self._search.find(query, k, kinds, as_of)
        added = [h for h in self._added(query, k, actor) if not kinds or Kind(h.kind) in kinds]
        return _merged(own, [h for h in added if as_of is None or self._holds(h, as_of)], k)

    @property
    def shared(self) -> Search:
        """The search over the library alone."""
        return self._search

    def _added(self, query: str, k: int, actor: Actor | None) -> list[Hit]:
        """The best added passages that ``actor`` may see, all decided in one transaction."""
        vector = self._search.vector(query)
        with self._database.session(actor) as session:
            shared = self._renewed(repository.shared_state(session), session)
            private = _Shelf.of(repository.private_tokens(session)) if actor else _Shelf.of([])
            if not shared.tokens and not private.tokens:
                return []
            near = repository.shared_nearest(session, self._model, vector, DEPTH)
            exact = repository.private_products(session, self._model, vector) if actor else {}
            scales = self._search.ranker.scales(query, self._search.products(query))
            scored = [*self._scored(query, shared, near, scales, k)]
            scored += self._scored(query, private, exact, scales, k)
            told = repository.passages_at(session, [s.key for s in scored])
        hits = [self._hit(told[s.key], s) for s in scored if s.key in told]
        return sorted(hits, key=lambda hit: -hit.score)

    def _renewed(self, state: str, session: Session) -> _Shelf:
        """The shared passages of now; read again only when a source came, went or was reviewed."""
        with self._lock:
            if state != self._state:
                self._shared = _Shelf.of(repository.shared_tokens(session), kept=True)
                self._state = state
            return self._shared

    def _scored(
        self,
        query: str,
        shelf: _Shelf,
        products: Products,
        scales: Mapping[str, tuple[float, float]],
        k: int,
    ) -> Iterator[_Scored]:
        if not shelf.tokens:
            return
        dense: Scores = np.full(len(shelf.tokens), np.nan, np.float32)
        for key, product in products.items():
            if key in shelf.rows:  # a source may have come since the tokens were read
                dense[shelf.rows[key]] = product
        raw = {"dense": dense}
        for name in LEGS:
            raw[name] = shelf.postings[name].scores(query, self._search.ranker.lexical[name])
        legs = {name: _on_scale(leg, scales.get(name)) for name, leg in raw.items()}
        if named := named_sections(query):
            legs["sections"] = np.array([t.section in named for t in shelf.tokens], np.float32)
        best = {name: high for name, (_, high) in scales.items()}
        scores = fused(legs, weighted(self._search.ranker.coverage(query, best)))
        for row in np.argsort(-scores, kind="stable")[: 2 * k]:
            told = {name: round(float(leg[row]), 4) for name, leg in legs.items()}
            yield _Scored(shelf.tokens[row].key, float(scores[row]), told)

    def _hit(self, passage: Shelved, scored: _Scored) -> Hit:
        law = self._law(passage.law_key)
        entry = self._library.resolve(f"{law.id}#{passage.section}") if law else None
        official = passage.kind == "statute" and passage.review == "accepted"
        attached = entry if official else None
        return Hit(
            id=attached.id if attached else f"{passage.source}#{passage.ordinal}",
            title=attached.title_th if attached else passage.context,
            kind=Kind.LAW.value if passage.kind == "statute" else Kind.DOCUMENT.value,
            score=round(scored.score, 4),
            text=passage.text,
            source=passage.title,
            legs=scored.legs,
            review=passage.review,
            official=official,
            page=passage.page,
        )

    def _law(self, key: str | None) -> Law | None:
        return self._laws.get(key) if key else None

    def _holds(self, hit: Hit, day: date) -> bool:
        """Whether the law a hit is of was in force on a day; what we know no dates of, is."""
        entry = self._library.entries.get(hit.id)
        if entry:
            return entry.holds(day)
        law = self._law(law_key(hit.title.split(" › ")[0]))
        return law is None or law.holds(day)


def _on_scale(scores: Scores, scale: tuple[float, float] | None) -> Scores:
    """Raw scores as the library's were normalised; what is not known counts nothing."""
    low, high = scale or (0.0, 0.0)
    if high <= low:
        high = float(np.fmax.reduce(scores, initial=low))
    spread = (scores - low) / (high - low) if high > low else scores * 0
    found: Scores = np.clip(np.nan_to_num(spread, nan=0.0), 0.0, None).astype(np.float32)
    return found


def _merged(own: list[Hit], added: list[Hit], k: int) -> list[Hit]:
    """Both lists in their own order, the better head first; an entry stands once."""
    found: dict[str, Hit] = {}
    waiting = [own, added]
    places = [0, 0]
    while len(found) < k:
        heads = [(waiting[i][places[i]], i) for i in (0, 1) if places[i] < len(waiting[i])]
        if not heads:
            break
        hit, which = max(heads, key=lambda head: (head[0].score, -head[1]))
        places[which] += 1
        found.setdefault(hit.id, hit)
    return list(found.values())
