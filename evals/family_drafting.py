"""Drafting as a family: by found codes, by the key's codes, and with citations dealt anew.

Every story is drafted as if it came in at one moment (`RECEIVED`), so that a run can be repeated on
another day. A story that the planner refuses, for nothing was coded, counts as an empty plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean
from typing import Any
from weakref import WeakKeyDictionary

from evals.citations import Counts, dealt_anew
from evals.completeness import completeness
from evals.drafting import compare
from evals.drafting import figures as drafting_figures
from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.plan_matching import PlanMatcher
from evals.readability import readability
from evals.statistics import Row
from evals.stories import RECEIVED, coded_by_key, stories
from evals.story_groups import about, by_set, fairness
from intake.narrative import accept
from knowledge_base.chunking import Chunk
from knowledge_base.embedder import Vectors
from knowledge_base.kept_vectors import KeptVectors
from planner.graph import NothingToPlan
from planner.grounding import rewritten
from planner.schemas import Draft, Ink

Change = Callable[[Draft], Draft]
_matchers: WeakKeyDictionary[Parts, PlanMatcher] = WeakKeyDictionary()


def read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    """The stories of vignette files."""
    return [story for file in files for story in stories(file)]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """The figures of drafting, how complete in form, the share refused, and how its Thai reads."""
    read_rows = [r["readability"] for r in rows if r["readability"]]
    names = read_rows[0] if read_rows else {}
    return {
        **drafting_figures(rows),
        "completeness": mean(r["complete"] for r in rows) if rows else None,
        "refused_share": mean(r["refused"] for r in rows) if rows else None,
        **{name: mean(r[name] for r in read_rows) for name in names},
    }


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """What plans cover, by whom the story is about."""
    return {
        "by_set": by_set(rows, figures),
        "fairness": fairness(rows, lambda some: drafting_figures(some)["must_covered"]),
    }


def unchanged(draft: Draft) -> Draft:
    """The draft as it is."""
    return draft


def with_dealt_citations(draft: Draft) -> Draft:
    """The draft with every claim's citations dealt to another claim."""
    dealt = {s.id: s.citations for s in dealt_anew([*draft.sentences()])}
    return rewritten(
        draft, lambda s: s.model_copy(update={"citations": dealt.get(s.id, s.citations)})
    )


def _open(engine: str, change: Change = unchanged) -> Callable[[Parts], Measure]:
    def opened(parts: Parts) -> Measure:
        parts.ensure_knowledge()
        matcher = plan_matcher(parts)

        def measure(case: Case) -> dict[str, Any]:
            try:
                draft = drafted(parts, case, engine)
            except NothingToPlan:
                return {**_refused(case), **about(case)}
            row = compare(case, change(draft), parts.library, matcher, draft.timings_ms["total"])
            said = [s.text for s in draft.sentences() if s.ink is not Ink.FRAME]
            more = {"refused": False, "complete": completeness(draft)}
            return {**row, **about(case), **more, "readability": readability(said)}

        return measure

    return opened


def prepare(parts: Parts) -> None:
    """Load the knowledge, and keep the vectors of the library's actions."""
    parts.ensure_knowledge()
    plan_matcher(parts)


def plan_matcher(parts: Parts) -> PlanMatcher:
    """The matcher of a process, with the vectors of the library's actions as they were kept.

    Nothing of a story or a plan is kept.
    """
    if parts not in _matchers:
        actions = {a.text_th for i in parts.library.interventions.values() for a in i.actions}
        kept = KeptVectors(parts.settings.cache_dir)

        def embed(texts: Sequence[str]) -> Vectors:
            if actions.issuperset(texts):
                return kept.of([Chunk("", 0, t) for t in texts], parts.embedder)
            return parts.embedder.passages(texts)

        _matchers[parts] = PlanMatcher(parts.library, embed)
        _matchers[parts].prepare()
    return _matchers[parts]


def drafted(parts: Parts, case: Case, engine: str) -> Draft:
    """The draft of a story: by ``default``, ``by-key-codes``, or the ``composer`` alone."""
    narrative = accept(case["narrative"])
    coded = parts.coder.code(narrative)
    codes = coded_by_key(coded, case, parts.library) if engine == "by-key-codes" else coded
    planner = parts.planner.composer() if engine == "composer" else parts.planner
    return planner.draft(narrative, codes, as_of=RECEIVED.date(), received_at=RECEIVED)


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
        "complete": 0.0,
        "readability": None,
    }


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": _open("default"),
    "by-key-codes": _open("by-key-codes"),
    "composer": _open("composer"),
    "dealt-citations": _open("default", with_dealt_citations),
}
TIMED = frozenset({"p50_ms"})
LOWER = frozenset(
    {
        "uncited_sentences",
        "must_not_violations",
        "precision_dealt_anew",
        "most_open_at_once",
        "refused_share",
        "long_sentences",
        "long_words",
        "uncommon_words",
        *TIMED,
    }
)
DRAFTING = Family(
    "drafting", read, ENGINES, figures, detail, timed=TIMED, prepare=prepare, lower=LOWER
)
