"""The evidence set: for each coded problem law, scheme and practice, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from intake.schemas import CodedProblem
from knowledge_base.entries import Frozen, Kind
from knowledge_base.library import Library
from knowledge_base.search import Search

WANTED = (Kind.LAW, Kind.WELFARE, Kind.PRACTICE)
EACH = 3
RELEVANT = 0.75


class Evidence(Frozen):
    """Entry ids per problem code, library citations first, and the kinds nobody supplied."""

    by_code: Mapping[str, tuple[str, ...]]
    gaps: Mapping[str, tuple[str, ...]]

    def ids(self) -> tuple[str, ...]:
        """Every entry once, in order of first mention."""
        return tuple(dict.fromkeys(i for ids in self.by_code.values() for i in ids))


def gather(
    library: Library, search: Search | None, problems: tuple[CodedProblem, ...], as_of: date
) -> Evidence:
    """What supports each problem; search fills the kinds the library's citations leave open."""
    found: dict[str, tuple[str, ...]] = {}
    gaps: dict[str, tuple[str, ...]] = {}
    for problem in problems:
        cited = _cited(library, problem.code)
        open_kinds = [k for k in WANTED if not any(library.entries[i].kind is k for i in cited)]
        searched = _searched(search, problem, open_kinds, as_of)
        found[problem.code] = tuple(dict.fromkeys([*cited, *searched]))
        closed = {library.entries[i].kind for i in searched}
        missing = tuple(k.value for k in open_kinds if k not in closed)
        if missing:
            gaps[problem.code] = missing
    return Evidence(by_code=found, gaps=gaps)


def _cited(library: Library, code: str) -> list[str]:
    intervention = library.interventions[code]
    references = [
        *(c for a in intervention.actions for c in a.cites),
        *(c for d in intervention.deadlines for c in d.cites),
        *(f"scheme:{s}" for s in intervention.schemes),
    ]
    entries = [e for e in map(library.resolve, dict.fromkeys(references)) if e]
    return list(dict.fromkeys(e.id for e in entries))


def _searched(
    search: Search | None, problem: CodedProblem, kinds: list[Kind], as_of: date
) -> list[str]:
    if search is None:
        return []
    query = " ".join([problem.label_th, *(s.text for s in problem.spans[:2])])
    return [
        hit.id
        for kind in kinds
        for hit in search.find(query, k=EACH, kinds={kind}, as_of=as_of)
        if hit.score >= RELEVANT
    ]
