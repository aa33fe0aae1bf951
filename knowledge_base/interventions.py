"""The intervention library: for each problem code what to ask, aim at, do, and never do."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked


class AssessQuestion(Frozen):
    """Something to find out, and which decision hangs on it."""

    q_th: str
    why_th: str
    tool: str | None = None


class Goal(Frozen):
    """A SMART goal; ``text_th`` may hold ``{client}``, ``{child}``, ``{date}``, ``{place}``."""

    id: str
    text_th: str
    horizon: Literal["immediate", "short", "medium", "long"]
    indicator_th: str
    review: str


class Action(Frozen):
    """One thing somebody does. All ``conditions`` must hold; ``not_`` negates."""

    id: str
    goal: str
    text_th: str
    who: tuple[str, ...]
    when: str
    conditions: tuple[str, ...] = Field(default=(), alias="if")
    cites: tuple[str, ...] = ()
    ink: Literal["rule", "practice"]
    confidence: Literal["V", "G", "P"]


class MustNot(Frozen):
    """What a plan for this code never proposes."""

    text_th: str
    why_th: str
    unless_th: str | None = None


class MdtQuestion(Frozen):
    """A question for one profession of the team."""

    who: str
    asks_th: str


class Deadline(Frozen):
    """A time limit from a start event; ``statutory`` only where a section of law sets it."""

    start: str
    within: str
    bound: Literal["min", "max"] = "max"
    statutory: bool
    duty_th: str
    cites: tuple[str, ...] = ()


class Intervention(Frozen):
    """Everything the library says about one problem code."""

    code: str
    summary_th: str
    assess: tuple[AssessQuestion, ...] = ()
    needs_th: tuple[str, ...] = ()
    strengths_th: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    actions: tuple[Action, ...] = ()
    must_not: tuple[MustNot, ...] = ()
    safety_th: tuple[str, ...] = ()
    mdt: tuple[MdtQuestion, ...] = ()
    documents: tuple[str, ...] = ()
    other_documents: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    combines_with: dict[str, str] = Field(default_factory=dict)


def load_interventions(data_dir: Path) -> dict[str, Intervention]:
    """All interventions of ``interventions/*.yaml`` by problem code."""
    found: dict[str, Intervention] = {}
    for file in sorted((data_dir / "interventions").glob("*.yaml")):
        for row in unmarked(read_marked(file))["interventions"]:
            found[row["code"]] = Intervention.model_validate(row)
    return found
