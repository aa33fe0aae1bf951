"""The whole set a problem needs: law, schemes and practice for each code, and what is missing.

What the reviewed library cites comes first, then what those entries refer to, and only for a kind
that is still open what search finds. A kind nobody supplies is said to be missing, never padded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from knowledge_base.entries import Entry, Frozen, Kind
from knowledge_base.library import Library
from knowledge_base.search import Search
from runtime.errors import BadInput

WANTED = (Kind.LAW, Kind.WELFARE, Kind.PRACTICE)
EACH = 3
RELEVANT = 0.75


class CodeUnknown(BadInput):
    """The code book has no such code. Details: ``given``."""

    code = "search.code_unknown"


class EvidenceSet(Frozen):
    """Entry ids by problem code and kind, and the kinds still missing by code."""

    by_code: Mapping[str, Mapping[Kind, tuple[str, ...]]]
    missing: Mapping[str, tuple[Kind, ...]]

    @property
    def is_complete(self) -> bool:
        """Whether every code has every kind."""
        return not self.missing


def gather(
    library: Library, search: Search | None, codes: Iterable[str], as_of: date
) -> EvidenceSet:
    """Law, schemes and practice in force on ``as_of`` for each problem code.

    Raises `CodeUnknown` for a code that is not in the code book.
    """
    codes = list(codes)
    if strange := [code for code in codes if code not in library.codebook.codes]:
        raise CodeUnknown(given=", ".join(strange))
    found = {code: _of_code(library, search, code, as_of) for code in codes}
    missing = {
        code: tuple(kind for kind in WANTED if not kinds.get(kind)) for code, kinds in found.items()
    }
    return EvidenceSet(by_code=found, missing={c: kinds for c, kinds in missing.items() if kinds})


def _of_code(
    library: Library, search: Search | None, code: str, as_of: date
) -> dict[Kind, tuple[str, ...]]:
    own = [e for e in cited(library, code) if e.holds(as_of)]
    found = {kind: tuple(e.id for e in own if e.kind is kind) for kind in WANTED}
    for kind in (k for k in WANTED if not found[k]):
        referred = [e for e in _referred(library, own) if e.kind is kind and e.holds(as_of)]
        found[kind] = tuple(dict.fromkeys(e.id for e in referred)) or _searched(
            library, search, code, kind, as_of
        )
    return found


def cited(library: Library, code: str) -> list[Entry]:
    """What the interventions of a code cite and offer. Raises `KeyError` for an unknown code."""
    library.codebook.codes[code]
    intervention = library.interventions.get(code)
    if intervention is None:
        return []
    citations = [
        *(c for action in intervention.actions for c in action.cites),
        *(c for deadline in intervention.deadlines for c in deadline.cites),
        *(f"scheme:{scheme}" for scheme in intervention.schemes),
    ]
    entries = (library.resolve(citation) for citation in citations)
    return list({e.id: e for e in entries if e}.values())


def _referred(library: Library, entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield from (e for e in map(library.resolve, entry.see) if e)


def _searched(
    library: Library, search: Search | None, code: str, kind: Kind, as_of: date
) -> tuple[str, ...]:
    if search is None:
        return ()
    hits = search.find(library.codebook.codes[code].label_th, EACH, {kind}, as_of)
    return tuple(hit.id for hit in hits if hit.score >= RELEVANT)
