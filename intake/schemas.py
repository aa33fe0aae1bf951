"""What intake hands on: a narrative's codes, red flags, facts and urgency, each with its words.

Offsets are code points into the unmodified narrative, ``text[start:end]`` is exact.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes after it was made."""

    model_config = ConfigDict(frozen=True)


class Span(Frozen):
    """Exact words of the narrative: ``text == narrative[start:end]``."""

    start: int
    end: int
    text: str


class Role(StrEnum):
    """How a code stands in the story."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    SUSPECTED = "suspected"
    PAST = "past"


class Equivalent(Frozen):
    """A code of another system with its title there."""

    code: str
    title: str


class Standards(Frozen):
    """What other systems call a problem code; empty where there is no equivalent."""

    icd10: tuple[Equivalent, ...] = ()
    gravity_sdoh: str | None = None
    oscc_group: Equivalent | None = None
    cpa_sections: tuple[str, ...] = ()  # of the Child Protection Act B.E. 2546


class CodedProblem(Frozen):
    """One problem code with its score and the words that triggered it.

    ``score`` (0-1): of a hundred codes shown with .7, about seventy are right on stories nobody
    trained with (rules alone and votes excepted).
    """

    code: str
    label_th: str
    score: float
    spans: tuple[Span, ...]
    role: Role = Role.SECONDARY
    why: str = ""  # rule ids or exemplar ids behind the score, for researchers
    standards: Standards = Standards()


class RaisedFlag(Frozen):
    """One red flag of the code book and the words that fired it.

    ``to_confirm``: the evidence is less than sure, or stands or falls with words of a recording
    nobody has confirmed yet. Such a flag is raised and counted all the same.
    """

    id: str
    sign_th: str
    action_th: str
    hotlines: tuple[str, ...]
    spans: tuple[Span, ...]
    to_confirm: bool = False


class Urgency(Frozen):
    """How soon someone must act: ``immediate_1h``, ``24h``, ``72h`` or ``routine``."""

    level: str
    reason_th: str
    because: tuple[str, ...] = ()  # codes and red-flag ids


class FactValue(Frozen):
    """A household fact the words suggest; a proposal until a person confirms it."""

    field: str
    value: object
    spans: tuple[Span, ...]
    confirmed: bool = False


class CodedNarrative(Frozen):
    """Everything intake says about one narrative."""

    narrative_sha256: str
    codes: tuple[CodedProblem, ...]
    red_flags: tuple[RaisedFlag, ...]
    urgency: Urgency
    unsure: tuple[CodedProblem, ...] = ()  # below the threshold: offered, not counted
    facts: tuple[FactValue, ...] = ()
    coder_version: str = ""
    vote_note: str = ""  # why the chat model that was to vote did not
    denied: tuple[str, ...] = ()  # codes a person took out: not even a suspicion any more
    by_rules_alone: tuple[str, ...] = ()  # "codes", "flags": what was learned did not answer there

    def code_ids(self) -> set[str]:
        """The problem codes that count as present (not past, not unsure)."""
        return {c.code for c in self.codes if c.role is not Role.PAST}

    def flag_ids(self) -> set[str]:
        """The red flags raised."""
        return {f.id for f in self.red_flags}
