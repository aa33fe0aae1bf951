"""Who may have which scheme, in three values: a blank is never a no; only verified facts refuse.

HARD false or EXCL true refuses when its evidence is verified; otherwise it only asks for an
officer's judgement. PROC not done is something to do first. ASSESS belongs to an officer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from knowledge_base.criteria import fields, judge, known
from knowledge_base.entries import Confidence, Frozen
from knowledge_base.facts import checked
from knowledge_base.schemes import Criterion, CriterionKind, Scheme
from knowledge_base.truth import Truth

if TYPE_CHECKING:
    from knowledge_base.library import Library

Verdict = Literal["likely", "unlikely", "ask", "assess"]
VERIFIED = "V"
DANGERS = ("immediate_danger", "critical_emergency", "mental_crisis")


class Screening(Frozen):
    """The verdict on one scheme, and what would change it."""

    id: str
    name_th: str
    verdict: Verdict
    to_do_first: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    question_th: str | None = None
    document_th: str | None = None
    benefit: str = ""
    source: str = ""
    as_of: date | None = None
    confidence: Confidence

    def to_json(self) -> dict[str, Any]:
        """The row of ``cmis schemes --json``."""
        return self.model_dump(mode="json")


def screen(
    library: Library,
    facts: Mapping[str, Any],
    as_of: date,
    only: Iterable[str] | None = None,
) -> list[Screening]:
    """Screen the schemes (all, or those of ``only``) against household facts as of a day.

    Raises `FactUnknown` or `FactIllTyped` when the facts are not of the vocabulary.
    """
    ready = checked(library.facts, facts, as_of)
    chosen = [library.schemes[i] for i in only] if only is not None else library.schemes.values()
    return [_screened(library, scheme, ready, as_of) for scheme in chosen]


def in_danger(facts: Mapping[str, Any]) -> bool:
    """Whether safety comes before any question of entitlement."""
    return any(known(facts, field) is True for field in DANGERS)


def next_question(library: Library, screenings: Iterable[Screening]) -> str | None:
    """The one fact that would move most screenings, as a question; None when nothing is missing."""
    wanted = Counter(field for s in screenings if s.verdict == "ask" for field in s.missing)
    if not wanted:
        return None
    field, _ = max(wanted.items(), key=lambda item: (item[1], item[0]))
    return library.facts[field].ask_th


def _screened(library: Library, scheme: Scheme, facts: Mapping[str, Any], as_of: date) -> Screening:
    judged = {c.id: judge(c.test, facts) if c.test else Truth.TRUE for c in scheme.criteria}
    failed = tuple(c.id for c in scheme.criteria if _fails(c, judged[c.id]))
    missing = _missing(scheme, judged, facts)
    verdict = _verdict(scheme, judged, failed, missing)
    asked = library.facts.get(missing[0]) if missing and verdict == "ask" else None
    return Screening(
        id=scheme.id,
        name_th=scheme.name_th,
        verdict=verdict,
        to_do_first=tuple(
            c.th
            for c in scheme.criteria
            if c.kind is CriterionKind.PROC and judged[c.id] is not Truth.TRUE
        ),
        missing=missing,
        failed=tuple(c.th for c in scheme.criteria if c.id in failed),
        question_th=asked.ask_th if asked else None,
        document_th=asked.proof_th if asked else None,
        benefit=scheme.benefit_th[0] if scheme.benefit_th else "",
        source=", ".join(scheme.sources[:3]),
        as_of=scheme.as_of or as_of,
        confidence=scheme.confidence,
    )


def _fails(criterion: Criterion, truth: Truth) -> bool:
    if criterion.evidence != VERIFIED:
        return False
    return (criterion.kind is CriterionKind.HARD and truth is Truth.FALSE) or (
        criterion.kind is CriterionKind.EXCL and truth is Truth.TRUE
    )


def _decides(criterion: Criterion) -> bool:
    return criterion.evidence == VERIFIED and criterion.kind in (
        CriterionKind.HARD,
        CriterionKind.EXCL,
    )


def _missing(
    scheme: Scheme, judged: Mapping[str, Truth], facts: Mapping[str, Any]
) -> tuple[str, ...]:
    open_criteria = [c for c in scheme.criteria if _decides(c) and judged[c.id] is Truth.UNKNOWN]
    wanted = Counter(
        f for c in open_criteria for f in fields(c.test or "") if known(facts, f) is None
    )
    return tuple(sorted(wanted, key=lambda f: (-wanted[f], f)))


def _verdict(
    scheme: Scheme, judged: Mapping[str, Truth], failed: tuple[str, ...], missing: tuple[str, ...]
) -> Verdict:
    if failed:
        return "unlikely"
    if missing or any(_decides(c) and judged[c.id] is Truth.UNKNOWN for c in scheme.criteria):
        return "ask"
    unsettled = any(_needs_officer(c, judged[c.id]) for c in scheme.criteria)
    if unsettled or scheme.confidence is Confidence.UNVERIFIED:
        return "assess"
    return "likely"


def _needs_officer(criterion: Criterion, truth: Truth) -> bool:
    """A judgement of need always does; an unverified criterion does unless it is met."""
    if criterion.kind is CriterionKind.ASSESS:
        return True
    if criterion.evidence == VERIFIED:
        return False
    if criterion.kind is CriterionKind.HARD:
        return truth is not Truth.TRUE
    return criterion.kind is CriterionKind.EXCL and truth is not Truth.FALSE
