"""Who may have which scheme, in three values: a blank is never a no; only verified facts refuse.

HARD false or EXCL true refuses when its evidence is verified; otherwise it only asks for an
officer's judgement. PROC not done is something to do first. ASSESS belongs to an officer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from knowledge_base.criteria import fields, judge, known
from knowledge_base.entries import Confidence, Frozen
from knowledge_base.facts import Fact, checked
from knowledge_base.interactions import between
from knowledge_base.schemes import Criterion, CriterionKind, Scheme
from knowledge_base.truth import Truth

if TYPE_CHECKING:
    from knowledge_base.library import Library

Verdict = Literal["likely", "unlikely", "ask", "assess"]
VERIFIED = "V"
BEHIND = {"age_years": "birth_date", "child_age_years": "child_birth_date"}
DANGERS = ("immediate_danger", "critical_emergency", "mental_crisis")


class Screening(Frozen):
    """The verdict on one scheme, and what would change it.

    ``missing`` are facts, the one that decides most first; ``failed`` and ``to_do_first`` are
    criteria in words, their ids beside them; ``amounts`` hold on ``judged_on``, the data is of
    ``as_of``.
    """

    id: str
    name_th: str
    name_en: str | None = None
    verdict: Verdict
    to_do_first: tuple[str, ...] = ()
    to_do_first_en: tuple[str, ...] = ()
    to_do_ids: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    failed_en: tuple[str, ...] = ()
    failed_ids: tuple[str, ...] = ()
    appeal_th: str | None = None
    appeal_en: str | None = None
    question_th: str | None = None
    document_th: str | None = None
    with_others_th: tuple[str, ...] = ()
    with_others_en: tuple[str, ...] = ()
    benefit: str = ""
    benefit_en: str | None = None
    amounts: tuple[str, ...] = ()
    amounts_en: tuple[str, ...] = ()
    source: str = ""
    as_of: date | None = None
    judged_on: date
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
    found = [_screened(library, scheme, ready, as_of) for scheme in chosen]
    return [_beside(library, screening, found, ready) for screening in found]


def in_danger(facts: Mapping[str, Any]) -> bool:
    """Whether safety comes before any question of entitlement."""
    return any(known(facts, field) is True for field in DANGERS)


def next_fact(
    library: Library, screenings: Iterable[Screening], skip: Container[str] = ()
) -> Fact | None:
    """The one fact that would move most screenings, those in ``skip`` left out; None at the end."""
    wanted = Counter(
        field for s in screenings if s.verdict == "ask" for field in s.missing if field not in skip
    )
    if not wanted:
        return None
    field, _ = max(wanted.items(), key=lambda item: (item[1], item[0]))
    return library.facts[field]


def _screened(library: Library, scheme: Scheme, facts: Mapping[str, Any], as_of: date) -> Screening:
    judged = {c.id: judge(c.test, facts) if c.test else Truth.TRUE for c in scheme.criteria}
    failed = [c for c in scheme.criteria if _fails(c, judged[c.id])]
    first = [c for c in scheme.criteria if _is_step(c) and judged[c.id] is not Truth.TRUE]
    missing = _missing(scheme, judged, facts)
    verdict = _verdict(scheme, judged, failed, missing)
    asked = library.facts.get(missing[0]) if missing and verdict == "ask" else None
    appeal = library.appeals[scheme.appeal]
    amounts = [r for r in scheme.rates if r.evidence == VERIFIED and r.holds(as_of)]
    return Screening(
        id=scheme.id,
        name_th=scheme.name_th,
        name_en=scheme.name_en,
        verdict=verdict,
        to_do_first=tuple(c.th for c in first),
        to_do_first_en=_english(first),
        to_do_ids=tuple(c.id for c in first),
        missing=missing,
        failed=tuple(c.th for c in failed),
        failed_en=_english(failed),
        failed_ids=tuple(c.id for c in failed),
        appeal_th=appeal.th if failed else None,
        appeal_en=appeal.en if failed else None,
        question_th=asked.ask_th if asked else None,
        document_th=asked.proof_th if asked else None,
        benefit=scheme.benefit_th[0] if scheme.benefit_th else "",
        benefit_en=scheme.benefit_en,
        amounts=tuple(r.told(as_of, "th") for r in amounts),
        amounts_en=tuple(r.told(as_of, "en") for r in amounts),
        source=", ".join(scheme.sources[:3]),
        as_of=scheme.as_of or scheme.reviewed_on or as_of,
        judged_on=as_of,
        confidence=scheme.confidence,
    )


def _beside(
    library: Library, screening: Screening, found: Iterable[Screening], facts: Mapping[str, Any]
) -> Screening:
    """How the scheme goes with what the household has already, and with what it may ask for."""
    has = known(facts, "existing_benefits") or ()
    others = {s.id for s in found if s.verdict in ("likely", "assess")} | set(has)
    rules = between(library.interactions, screening.id, others - {screening.id})
    if screening.verdict not in ("likely", "assess") or not rules:
        return screening
    told = {
        "with_others_th": tuple(rule.th for rule in rules),
        "with_others_en": tuple(rule.en or rule.th for rule in rules),
    }
    return screening.model_copy(update=told)


def _english(told: Iterable[Criterion]) -> tuple[str, ...]:
    """Words in English; in Thai where there are no others."""
    return tuple(one.en or one.th for one in told)


def _is_step(criterion: Criterion) -> bool:
    return criterion.kind is CriterionKind.PROC


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
    read = (f for c in open_criteria for f in fields(c.test or ""))
    wanted = Counter(f for field in read for f in _to_ask(field, facts))
    return tuple(sorted(wanted, key=lambda f: (-wanted[f], f)))


def _to_ask(field: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The fact itself when nobody stated it; the day behind it when only its year is known."""
    value = known(facts, field)
    if value is None:
        return (field,)
    return (BEHIND[field],) if isinstance(value, tuple) and field in BEHIND else ()


def _verdict(
    scheme: Scheme, judged: Mapping[str, Truth], failed: list[Criterion], missing: tuple[str, ...]
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
