"""The evidence set: for each coded problem law, scheme and practice, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from intake.schemas import CodedProblem
from knowledge_base.entries import Frozen, Kind
from knowledge_base.evidence import EACH, RELEVANT, WANTED, cited
from knowledge_base.library import Library
from knowledge_base.search import Search


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
        own = [e for e in cited(library, problem.code) if e.holds(as_of)]
        open_kinds = [k for k in WANTED if not any(e.kind is k for e in own)]
        searched = _searched(search, problem, open_kinds, as_of)
        found[problem.code] = tuple(dict.fromkeys([*(e.id for e in own), *searched]))
        closed = {library.entries[i].kind for i in searched}
        missing = tuple(k.value for k in open_kinds if k not in closed)
        if missing:
            gaps[problem.code] = missing
    return Evidence(by_code=found, gaps=gaps)


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
