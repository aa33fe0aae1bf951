"""Coding as a family: the coder, the coder by rules alone, and coders with a part broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evals.calibration import abstention, abstention_area, calibration_error, reliability
from evals.coding import figures as coding_figures
from evals.coding_detail import answers, by_domain, detail_figures, detailed, urgency_confusion
from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.statistics import Row
from evals.stories import stories
from evals.story_groups import about, by_set, fairness
from intake.coding import Coder
from intake.narrative import accept
from intake.schemas import CodedNarrative
from intake.urgency import judge_urgency
from knowledge_base.codebook import Codebook

DISABLED_FLAG = "RF02"
Mutation = Callable[[CodedNarrative, Codebook], CodedNarrative]


def read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    """The stories of vignette files."""
    return [story for file in files for story in stories(file)]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """The figures of coding, of the words found, of agreement on urgency, of the scores."""
    scored = answers(rows)
    return {
        **coding_figures(rows),
        **detail_figures(rows),
        "calibration_error": calibration_error(scored) if scored else None,
        "abstention_area": abstention_area(scored) if scored else None,
    }


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """Tables behind the figures: domains, urgency, calibration, abstention, fairness."""
    scored = answers(rows)
    return {
        "by_domain": by_domain(rows),
        "urgency_confusion": urgency_confusion(rows),
        "reliability": [asdict(b) for b in reliability(scored)] if scored else [],
        "abstention": abstention(scored) if scored else [],
        "by_set": by_set(rows, figures),
        "fairness": fairness(rows, lambda some: coding_figures(some)["micro_f1"]),
    }


def unchanged(coded: CodedNarrative, _codebook: Codebook) -> CodedNarrative:
    """The coding as it is."""
    return coded


def without_flag(coded: CodedNarrative, codebook: Codebook) -> CodedNarrative:
    """The coding as it would be were one red-flag rule disabled, its urgency judged anew."""
    flags = tuple(f for f in coded.red_flags if f.id != DISABLED_FLAG)
    urgency = judge_urgency(coded.codes, flags, codebook)
    return coded.model_copy(update={"red_flags": flags, "urgency": urgency})


def without_flags(coded: CodedNarrative, codebook: Codebook) -> CodedNarrative:
    """The coding as it would be without any red-flag rule."""
    urgency = judge_urgency(coded.codes, (), codebook)
    return coded.model_copy(update={"red_flags": (), "urgency": urgency})


def without_codes(coded: CodedNarrative, codebook: Codebook) -> CodedNarrative:
    """The red flags alone."""
    urgency = judge_urgency((), coded.red_flags, codebook)
    return coded.model_copy(update={"codes": (), "unsure": (), "urgency": urgency})


def _open(change: Mutation, *, rules_only: bool = False) -> Callable[[Parts], Measure]:
    def opened(parts: Parts) -> Measure:
        coder = Coder(parts.library) if rules_only else parts.coder

        def measure(case: Case) -> dict[str, Any]:
            coded = change(coder.code(accept(case["narrative"])), parts.library.codebook)
            return {**detailed(case, coded), **about(case)}

        return measure

    return opened


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": _open(unchanged),
    "rules-only": _open(unchanged, rules_only=True),
    f"without-{DISABLED_FLAG}": _open(without_flag),
    "without-flags": _open(without_flags),
    "without-codes": _open(without_codes),
}


def prepare(parts: Parts) -> None:
    """Have the coder learned."""
    parts.coder.prepare()


LOWER = frozenset({"calibration_error", "abstention_area"})
CODING = Family("coding", read, ENGINES, figures, detail, prepare=prepare, lower=LOWER)
