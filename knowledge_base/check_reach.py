"""An entry that nobody can come to is lost: neither a code leads to it, nor a question finds it.

A code leads to what its interventions cite and to what those entries refer to. A question that
says an entry's own title must find it by words or by 3-grams among the first; more is measured by
the graded questions of ``evals``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from knowledge_base.chunking import item_of
from knowledge_base.entries import Entry
from knowledge_base.evidence import cited
from knowledge_base.findings import DataFiles, Finding, at
from knowledge_base.library import Library
from knowledge_base.ranking import Ranker

AMONG = 10
SHORTEST_TEXT = 12
WANTED = ({"law", "welfare"}, {"practice"})


def reached(library: Library) -> Iterator[Finding]:
    """Entries that no code and no query reaches, and entries with nothing to read."""
    by_code = {e.id for e in _from_codes(library)}
    lost = [e for e in library.entries.values() if e.id not in by_code]
    by_query = _found_by_title(library, lost)
    for entry in library.entries.values():
        thin = len(entry.text_th) < SHORTEST_TEXT
        if thin or (entry.id not in by_code and entry.id not in by_query):
            yield at(entry.file, "unreachable", entry.id)


def covered(files: DataFiles, library: Library) -> Iterator[Finding]:
    """Codes that have no intervention, or whose actions cite no law or scheme, or no practice."""
    rows = {r.data["code"]: r for r in files.rows("codebook.yaml", "codes")}
    for code in library.codebook.codes:
        intervention = library.interventions.get(code)
        if intervention is None:
            yield rows[code].finding("uncovered", code)
            continue
        found = [library.resolve(c) for a in intervention.actions for c in a.cites]
        kinds = {e.kind.value for e in found if e}
        if not all(kinds & wanted for wanted in WANTED):
            yield rows[code].finding("uncovered", f"{code}: {', '.join(sorted(kinds))}")


def _from_codes(library: Library) -> Iterator[Entry]:
    waiting = [e for code in library.codebook.codes for e in cited(library, code)]
    seen: set[str] = set()
    while waiting:
        entry = waiting.pop()
        if entry.id not in seen:
            seen.add(entry.id)
            yield entry
            waiting += [e for e in map(library.resolve, entry.see) if e]


def _found_by_title(library: Library, entries: list[Entry]) -> set[str]:
    everything = list(library.entries.values())
    ranker = Ranker([item_of(e) for e in everything])
    blind = np.full(len(ranker.chunks), np.nan, np.float32)
    found: set[str] = set()
    for entry in entries:
        best = ranker.rank(entry.title_th, blind).best(AMONG)
        if entry.id in {everything[row].id for row in best}:
            found.add(entry.id)
    return found
