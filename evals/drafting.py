"""How good drafts are: what they cover and avoid, whom they involve, and how they are grounded.

Each story is drafted twice: from the codes the coder finds (the figures at the top, what a user
gets) and from the codes of the key (``by_key_codes``, the planner alone). ``plan_must`` and
``plan_must_not`` are both scored on what the plan tells somebody to do, so that a warning earns
nothing and costs nothing. Two controls run with every evaluation: an empty plan, and the plans of
the other stories.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from evals.agencies import is_covered
from evals.citations import Counts, Support, dealt_anew
from evals.intervals import clustered
from evals.plan_matching import THRESHOLD, PlanMatcher, affirmed, guarded, wanted
from evals.stories import Coder, coded_by_key, stories
from intake.narrative import Narrative, accept
from intake.schemas import CodedNarrative
from knowledge_base.library import Library
from planner.choices import breaks
from planner.graph import NothingToPlan
from planner.grounding import uncited
from planner.schemas import Draft, Ink, Plan
from runtime.clock import now

BROKEN = 0.75  # share of a forbidden act's words in one recommended action
Row = dict[str, Any]
Step = Callable[[float, str], None]


class Drafts(Protocol):
    """Anything that drafts."""

    def draft(
        self,
        narrative: Narrative,
        coded: CodedNarrative,
        *,
        as_of: date,
        received_at: datetime | None = None,
    ) -> Draft:
        """The verified draft."""
        ...


def evaluate_drafting(
    vignettes: Path,
    coder: Coder,
    planner: Drafts,
    library: Library,
    matcher: PlanMatcher,
    step: Step | None = None,
) -> dict[str, Any]:
    """All figures over a vignette file, with 95 % intervals (``ci``) and ``rows`` per story."""
    cases = stories(vignettes)
    made: dict[str, list[Row]] = {"coder": [], "key": []}
    plans: list[list[str]] = []
    for number, case in enumerate(cases):
        narrative = accept(case["narrative"])
        coded = coder.code(narrative)
        for source, codes in (("coder", coded), ("key", coded_by_key(coded, case, library))):
            row, told = _drafted(planner, narrative, codes, case, library, matcher)
            made[source].append(row)
            if source == "coder":
                plans.append(told)
        if step:
            step((number + 1) / len(cases), case["id"])
    rows = made["coder"]
    return {
        **figures(rows),
        "ci": clustered(rows, figures),
        "by_key_codes": figures(made["key"]),
        "controls": controls(cases, plans, matcher),
        "rows": rows,
        "rows_by_key_codes": made["key"],
        "n": len(rows),
    }


def compare(
    case: Mapping[str, Any], draft: Draft, library: Library, matcher: PlanMatcher, ms: float
) -> Row:
    """One story's draft against its key."""
    key, told = case["key"], directives(draft)
    counts = Support(library, case["narrative"], draft).counts(draft.sentences())
    dealt = Support(library, case["narrative"], draft).counts(dealt_anew([*draft.sentences()]))
    return {
        "id": case["id"],
        "must": [_met(e, told, matcher) for e in key.get("plan_must", ())],
        "must_not": [_broken(e, draft.plan, matcher) for e in key.get("plan_must_not", ())],
        "agencies": _agencies(key.get("agencies", ()), draft),
        "red_flags": _flags(key.get("red_flags", ()), draft),
        "counts": asdict(counts),
        "dealt_anew": asdict(dealt),
        "forbidden": _forbidden(draft),
        "uncited": uncited(draft, library),
        "flagged": list(draft.flagged()),
        "open_at_once": sum(a.state == "open" for a in _actions(draft.plan)),
        "claims": counts.claims,
        "ms": ms,
    }


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """The figures of some stories; 1.0 where nothing was asked for."""
    counts = [Counts(**r["counts"]) for r in rows]
    dealt = [Counts(**r["dealt_anew"]) for r in rows]
    claims = sum(c.claims for c in counts)
    return {
        "citation_precision": _precision(counts),
        "citation_recall": _share(sum(c.supported for c in counts), claims),
        "uncited_sentences": sum(len(r["uncited"]) for r in rows),
        "must_covered": _of(rows, "must", "covered"),
        "must_not_violations": sum(
            sum(m["broken"] for m in r["must_not"]) + len(r["forbidden"]) for r in rows
        ),
        "agencies_covered": _of(rows, "agencies", "covered"),
        "red_flags_answered": _of(rows, "red_flags", "answered"),
        "grounded_share": 1 - sum(len(r["flagged"]) for r in rows) / max(1, claims),
        "precision_dealt_anew": _precision(dealt),
        "most_open_at_once": max((r["open_at_once"] for r in rows), default=0),
        "p50_ms": median([r["ms"] for r in rows]) if rows else 0.0,
    }


def controls(
    cases: Sequence[Mapping[str, Any]], plans: Sequence[Sequence[str]], matcher: PlanMatcher
) -> dict[str, float]:
    """``must_covered`` of an empty plan and of the plans of other stories: both must be low."""
    empty, other, asked = 0, 0, 0
    for place, case in enumerate(cases):
        elements = case["key"].get("plan_must", ())
        empty += sum(matcher.covers(e, []) for e in elements)
        for away in range(1, len(cases)):
            foreign = plans[(place + away) % len(cases)]
            other += sum(matcher.covers(e, foreign) for e in elements)
            asked += len(elements)
    wanted = sum(len(c["key"].get("plan_must", ())) for c in cases)
    return {
        "must_covered_empty_plan": empty / max(1, wanted),
        "must_covered_other_story": other / max(1, asked),
    }


def directives(draft: Draft) -> list[str]:
    """What a draft tells somebody to do: the answers to dangers, and the plan's actions."""
    risks = [r.response.text for r in draft.assessment.risks]
    return [*risks, *(a.sentence.text for a in _actions(draft.plan))]


def _actions(plan: Plan) -> Iterable[Any]:
    return [a for p in plan.problems for g in p.goals for a in g.actions]


def _met(element: str, told: Sequence[str], matcher: PlanMatcher) -> Row:
    score = matcher.score(element, told)
    return {"element": element, "covered": score >= THRESHOLD, "score": round(score, 3)}


def _broken(element: str, plan: Plan, matcher: PlanMatcher) -> Row:
    """An element is broken when one recommended action by itself says it, unguarded."""
    act, guard = guarded(element)
    told = [(affirmed(a.sentence.text), a.sentence.text) for a in _actions(plan)]
    scored = [
        (_says(act, words, matcher), text)
        for words, text in told
        if words and not (guard and matcher.share(guard, [text]) >= THRESHOLD)
    ]
    score, nearest = max(scored, default=(0.0, ""))
    return {
        "element": element,
        "broken": score >= BROKEN,
        "score": round(score, 3),
        "nearest": nearest,
    }


def _says(act: str, words: str, matcher: PlanMatcher) -> float:
    """The share of an act in what is recommended; one word must stand whole."""
    if len(wanted(act)) < 2:
        return float("".join(act.split()) in "".join(words.split()))
    return matcher.share(act, [words])


def _forbidden(draft: Draft) -> list[str]:
    """Actions that break a ban of the library across problems."""
    codes = tuple(c.code for c in draft.codes)
    return [a.id for a in _actions(draft.plan) if breaks(a.sentence.text, codes)]


def _agencies(names: Iterable[str], draft: Draft) -> list[Row]:
    roles = {role for a in _actions(draft.plan) for role in a.responsible}
    text = " ".join(directives(draft))
    found = [(name, is_covered(name, roles, text)) for name in names]
    return [{"name": n, "covered": bool(c), "known": c is not None} for n, c in found]


def _flags(wanted: Iterable[str], draft: Draft) -> list[Row]:
    """Flags of the key or of the draft; answered by a response with who and by when."""
    risks = {r.id: r for r in draft.assessment.risks}
    flags = dict.fromkeys([*wanted, *(f.id for f in draft.red_flags)])
    return [{"id": f, "answered": f in risks and _is_timed(risks[f])} for f in flags]


def _is_timed(risk: Any) -> bool:
    return bool(risk.due and risk.responsible and risk.response.ink is not Ink.FRAME)


def _drafted(
    planner: Drafts,
    narrative: Narrative,
    coded: CodedNarrative,
    case: Mapping[str, Any],
    library: Library,
    matcher: PlanMatcher,
) -> tuple[Row, list[str]]:
    """One story's row and directives; a story in which no problem is found has an empty plan."""
    received = now()
    begun = time.perf_counter()
    try:
        draft = planner.draft(narrative, coded, as_of=received.date(), received_at=received)
    except NothingToPlan:
        return compare(case, _empty(narrative, coded), library, matcher, 0.0), []
    ms = round((time.perf_counter() - begun) * 1000, 1)
    return compare(case, draft, library, matcher, ms), directives(draft)


def _empty(narrative: Narrative, coded: CodedNarrative) -> Draft:
    return Draft(
        engine="",
        narrative_sha256=narrative.sha256,
        knowledge_version="",
        as_of=now().date(),
        codes=coded.codes,
        urgency=coded.urgency.level,
        urgency_reason="",
        red_flags=coded.red_flags,
    )


def _precision(counts: Sequence[Counts]) -> float:
    return _share(sum(c.sound for c in counts), sum(c.citations for c in counts))


def _of(rows: Sequence[Row], part: str, field: str) -> float:
    items = [i for r in rows for i in r[part]]
    return _share(sum(bool(i[field]) for i in items), len(items))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
