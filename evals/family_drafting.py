"""Drafting as a family: by found codes, by the key's codes, and with citations dealt anew.

A story that the planner refuses, for nothing was coded, counts as an empty plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

from evals.citations import Counts, dealt_anew
from evals.drafting import compare
from evals.drafting import figures as drafting_figures
from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.plan_matching import PlanMatcher
from evals.readability import readability
from evals.statistics import Row
from evals.stories import coded_by_key, stories
from evals.story_groups import about, fairness
from intake.narrative import accept
from planner.graph import NothingToPlan
from planner.grounding import rewritten
from planner.schemas import Draft, Ink
from runtime.clock import now

Change = Callable[[Draft], Draft]


def read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    """The stories of vignette files."""
    return [story for file in files for story in stories(file)]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """The figures of drafting, the share refused, and how its Thai reads."""
    read_rows = [r["readability"] for r in rows if r["readability"]]
    names = read_rows[0] if read_rows else {}
    return {
        **drafting_figures(rows),
        "refused_share": mean(r["refused"] for r in rows) if rows else None,
        **{name: mean(r[name] for r in read_rows) for name in names},
    }


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """What plans cover, by whom the story is about."""
    return {"fairness": fairness(rows, lambda some: drafting_figures(some)["must_covered"])}


def unchanged(draft: Draft) -> Draft:
    """The draft as it is."""
    return draft


def with_dealt_citations(draft: Draft) -> Draft:
    """The draft with every claim's citations dealt to another claim."""
    dealt = {s.id: s.citations for s in dealt_anew([*draft.sentences()])}
    return rewritten(
        draft, lambda s: s.model_copy(update={"citations": dealt.get(s.id, s.citations)})
    )


def _open(change: Change, *, by_key: bool = False) -> Callable[[Parts], Measure]:
    def opened(parts: Parts) -> Measure:
        parts.ensure_knowledge()
        matcher = PlanMatcher(parts.library, parts.embedder.passages)

        def measure(case: Case) -> dict[str, Any]:
            try:
                draft, ms = _drafted(parts, case, by_key=by_key)
            except NothingToPlan:
                return {**_refused(case), **about(case)}
            row = compare(case, change(draft), parts.library, matcher, ms)
            said = [s.text for s in draft.sentences() if s.ink is not Ink.FRAME]
            return {**row, **about(case), "refused": False, "readability": readability(said)}

        return measure

    return opened


def _drafted(parts: Parts, case: Case, *, by_key: bool) -> tuple[Draft, float]:
    narrative = accept(case["narrative"])
    coded = parts.coder.code(narrative)
    codes = coded_by_key(coded, case, parts.library) if by_key else coded
    received, begun = now(), perf_counter()
    draft = parts.planner.draft(narrative, codes, as_of=received.date(), received_at=received)
    return draft, round((perf_counter() - begun) * 1000, 1)


def _refused(case: Case) -> dict[str, Any]:
    """The row of no plan at all: nothing covered, nothing claimed."""
    key, none = case["key"], asdict(Counts(0, 0, 0, 0))
    return {
        "id": case["id"],
        "must": [{"element": e, "covered": False, "score": 0.0} for e in key.get("plan_must", ())],
        "must_not": [],
        "agencies": [{"name": a, "covered": False, "known": True} for a in key.get("agencies", ())],
        "red_flags": [{"id": f, "answered": False} for f in key.get("red_flags", ())],
        "counts": none,
        "dealt_anew": none,
        "forbidden": [],
        "uncited": [],
        "flagged": [],
        "open_at_once": 0,
        "claims": 0,
        "ms": 0.0,
        "refused": True,
        "readability": None,
    }


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": _open(unchanged),
    "by-key-codes": _open(unchanged, by_key=True),
    "dealt-citations": _open(with_dealt_citations),
}
DRAFTING = Family("drafting", read, ENGINES, figures, detail, timed=frozenset({"p50_ms"}))
