"""Test cases beside each scheme that a policy officer can read: a household, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge_base.eligibility import Screening, Verdict, screen
from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked

if TYPE_CHECKING:
    from knowledge_base.library import Library
    from knowledge_base.schemes import Scheme


class SchemeCase(Frozen):
    """One household. ``failed`` and ``to_do_first`` name criteria; ``asks`` names a fact."""

    name_th: str
    as_of: date
    facts: Mapping[str, Any]
    verdict: Verdict
    failed: tuple[str, ...] = ()
    to_do_first: tuple[str, ...] = ()
    asks: str | None = None


def load_cases(data_dir: Path, scheme: str) -> tuple[SchemeCase, ...]:
    """The cases of ``welfare/cases/SCHEME.yaml``; none when there is no such file."""
    file = data_dir / "welfare" / "cases" / f"{scheme}.yaml"
    rows = unmarked(read_marked(file))["cases"] if file.is_file() else ()
    return tuple(SchemeCase.model_validate(row) for row in rows)


def differences(library: Library, scheme: Scheme, case: SchemeCase) -> list[str]:
    """Where the screening is not what the case says, as ``what: wanted, found``.

    Raises `FactUnknown` or `FactIllTyped` when the case's facts are not of the vocabulary.
    """
    (found,) = screen(library, case.facts, case.as_of, only=[scheme.id])
    return [f"{what}: {wanted} ≠ {got}" for what, wanted, got in _pairs(found, case)]


def _pairs(found: Screening, case: SchemeCase) -> Iterator[tuple[str, object, object]]:
    asked = found.missing[0] if found.verdict == "ask" and found.missing else None
    pairs = (
        ("verdict", case.verdict, found.verdict),
        ("failed", sorted(case.failed), sorted(found.failed_ids)),
        ("to_do_first", sorted(case.to_do_first), sorted(found.to_do_ids)),
        ("asks", case.asks, asked),
    )
    yield from (pair for pair in pairs if pair[1] != pair[2])
