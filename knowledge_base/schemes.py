"""Welfare schemes as reviewed data: atomic criteria, dated rates, where to apply, what to bring."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge_base.entries import Confidence, Entry, Frozen, Kind, Source
from knowledge_base.marked_yaml import read_marked, unmarked
from runtime.messages import sentence

SURELY = timedelta(days=365)  # an amount found in use has held about a budget year


class CriterionKind(StrEnum):
    """How a criterion weighs (docs/knowledge-forms.md)."""

    HARD = "HARD"
    PROC = "PROC"
    EXCL = "EXCL"
    ASSESS = "ASSESS"
    NOTE = "NOTE"


class Criterion(Frozen):
    """One testable condition (a NOTE may have no test). Only evidence ``V`` may exclude anybody."""

    id: str
    kind: CriterionKind
    test: str | None
    th: str
    en: str | None = None
    evidence: str


class Rate(Frozen):
    """An amount with the days it holds. ``unit`` as ``THB/…``."""

    key: str
    value: float
    unit: str
    th: str
    en: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    evidence: str
    sources: tuple[str, ...] = ()
    verified_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the amount holds on a day; no date means no bound."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def told(self, day: date, lang: str) -> str:
        """The amount in words, and so said where nobody knows since when it has held."""
        words = self.th if lang == "th" else self.en or self.th
        checked = self.verified_on
        unknown = self.effective_from is None and checked is not None
        if unknown and checked is not None and day < checked - SURELY:
            return f"{words} ({sentence('schemes.since_unknown', lang)})"
        return words


class Scheme(Frozen):
    """One scheme or service. ``benefit_en`` says the first of ``benefit_th``."""

    id: str
    name_th: str
    name_en: str
    group: str
    group_th: str
    type_th: str
    agency_th: str | None = None
    legal_basis_th: str | None = None
    target_th: str | None = None
    subject_th: str | None = None
    apply_th: str | None = None
    appeal: str
    documents_th: tuple[str, ...] = ()
    time_limits_th: str | None = None
    hotlines: tuple[str, ...] = ()
    hotline_note_th: str | None = None
    interactions_th: tuple[str, ...] = ()
    as_of_th: str | None = None
    as_of: date | None = None
    confidence: Confidence
    confidence_note_th: str = ""
    sources: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    benefit_th: tuple[str, ...] = ()
    benefit_en: str | None = None
    rates: tuple[Rate, ...] = ()
    history_th: tuple[str, ...] = ()
    reviewed_on: date | None = None


def load_schemes(data_dir: Path) -> dict[str, Scheme]:
    """All schemes of ``welfare/*.yaml`` by id."""
    rows = (unmarked(read_marked(file)) for file in sorted((data_dir / "welfare").glob("*.yaml")))
    return {row["id"]: Scheme.model_validate(row) for row in rows}


def scheme_entry(scheme: Scheme, labels: dict[str, str]) -> Entry:
    """What search reads and a draft cites of a scheme. ``labels`` name its parts in Thai."""
    return Entry(
        id=f"scheme:{scheme.id}",
        kind=Kind.WELFARE,
        title_th=scheme.name_th,
        title_en=scheme.name_en,
        text_th="\n".join(_lines(scheme, labels)),
        context_th=" › ".join(p for p in (scheme.group_th, scheme.name_th) if p),
        confidence=scheme.confidence,
        sources=tuple(Source(ref=ref) for ref in scheme.sources),
        reviewed_on=scheme.reviewed_on,
        file=f"welfare/{scheme.id}.yaml:1",
    )


def _lines(scheme: Scheme, labels: dict[str, str]) -> list[str]:
    parts: list[tuple[str, Any]] = [
        ("target", scheme.target_th),
        ("benefit", " ".join(scheme.benefit_th)),
        ("criteria", " ".join(c.th for c in scheme.criteria)),
        ("apply", scheme.apply_th),
        ("documents", " ".join(scheme.documents_th)),
        ("time_limits", scheme.time_limits_th),
        ("agency", scheme.agency_th),
        ("hotline", " ".join(scheme.hotlines)),
    ]
    return [f"{labels[key]} {value}" for key, value in parts if value]
