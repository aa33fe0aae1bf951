"""Stories with keys, as vignette files have them, and a story coded as its key says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from intake.narrative import Narrative
from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role, Span, Urgency
from knowledge_base.library import Library
from knowledge_base.marked_yaml import read_marked, unmarked
from runtime.clock import BANGKOK

Story = Mapping[str, Any]
RECEIVED = datetime(2026, 11, 2, 10, 0, tzinfo=BANGKOK)  # a Monday morning, no holiday


class Coder(Protocol):
    """Anything that codes narratives."""

    def code(self, narrative: Narrative) -> CodedNarrative:
        """Codes of one story."""
        ...


def stories(file: Path) -> list[Story]:
    """The vignettes of a file."""
    found: list[Story] = unmarked(read_marked(file))["vignettes"]
    return found


def coded_by_key(coded: CodedNarrative, story: Story, library: Library) -> CodedNarrative:
    """The coder's facts with the codes, red flags and urgency of the key."""
    key = story["key"]
    level = key["urgency"]
    return coded.model_copy(
        update={
            "codes": tuple(_problem(c, story["narrative"], library) for c in key["problem_codes"]),
            "red_flags": tuple(_flag(f, library, coded) for f in key["red_flags"]),
            "urgency": Urgency(level=level, reason_th=""),
            "unsure": (),
        }
    )


def _problem(row: Mapping[str, Any], narrative: str, library: Library) -> CodedProblem:
    return CodedProblem(
        code=row["code"],
        label_th=library.codebook.label(row["code"]),
        score=1.0,
        spans=_spans(row.get("evidence", ""), narrative),
        role=Role(row["role"]),
    )


def _spans(words: str, narrative: str) -> tuple[Span, ...]:
    start = narrative.find(words) if words else -1
    return () if start < 0 else (Span(start=start, end=start + len(words), text=words),)


def _flag(flag_id: str, library: Library, coded: CodedNarrative) -> RaisedFlag:
    raised = next((f for f in coded.red_flags if f.id == flag_id), None)
    sign = library.codebook.red_flags[flag_id]
    return raised or RaisedFlag(
        id=flag_id,
        sign_th=sign.sign,
        action_th=sign.action,
        hotlines=tuple(sign.hotlines),
        spans=(),
    )
