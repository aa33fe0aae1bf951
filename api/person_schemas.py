"""What goes over the wire about people, their ties and household facts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cases.person_identity import Identity
from intake.people import LivesWith, PersonRole

Standing = Literal["confirmed", "removed"]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]


class Strict(BaseModel):
    """A body that holds its fields and no others."""

    model_config = ConfigDict(extra="forbid")


class PartOut(BaseModel):
    """A part somebody plays; ``spans`` are places in the story."""

    role: PersonRole
    standing: str
    score: float | None = None
    spans: list[tuple[int, int]] = []
    decided_at: datetime | None = None


class PersonOut(BaseModel):
    """Somebody of a case; ``identity`` is None once erased."""

    id: str
    revision: int
    erased: bool
    identity: Identity | None
    roles: list[PartOut]


class RelationOut(BaseModel):
    """``person_id`` is the ``kinship`` of ``relative_id``."""

    id: str
    person_id: str
    relative_id: str
    kinship: str
    lives_with: LivesWith
    standing: str
    spans: list[tuple[int, int]] = []
    decided_at: datetime | None = None


class PeopleOut(BaseModel):
    """The people of a case and their ties."""

    persons: list[PersonOut]
    relations: list[RelationOut]


class OnePersonOut(PersonOut):
    """One person with their ties; of whoever is blamed, the ties name nobody else."""

    relations: list[dict[str, Any]]


class NewPerson(Strict):
    """Somebody new by ``identity``, or somebody known by ``person_id``, with a part."""

    role: PersonRole
    identity: Identity | None = None
    person_id: Id | None = None


class PersonChanges(Strict):
    """Fields to change and no others, under the revision they were read at."""

    revision: int
    changes: Identity


class PartDecision(Strict):
    """Confirm, give or remove a part."""

    role: PersonRole
    standing: Standing


class NewRelation(Strict):
    """A tie between two persons of the case."""

    person_id: Id
    relative_id: Id
    kinship: Word
    lives_with: LivesWith = LivesWith.UNKNOWN


class RelationDecision(Strict):
    """Confirm, correct or remove a tie."""

    standing: Standing
    kinship: Word | None = None
    lives_with: LivesWith | None = None


class FactOut(BaseModel):
    """A household fact: what the words suggest, what a person decided.

    ``value_th`` and ``value_en``: the words of a value that is chosen from a list.
    """

    field: str
    th: str
    en: str
    value: Any
    value_th: str | None = None
    value_en: str | None = None
    proposed: Any
    standing: str
    revision: int
    spans: list[dict[str, Any]]
    by_name: str | None = None
    by_agency: str | None = None
    at: datetime | None = None


class FactDecision(Strict):
    """Confirm the proposal, correct it to ``value``, or remove it.

    With the ``revision`` last seen, a decision that somebody else made since is not passed over.
    """

    decision: Literal["confirmed", "corrected", "removed"]
    value: Any = None
    revision: int | None = Field(default=None, ge=0)


class ReasonOut(BaseModel):
    """One likeness or difference, in words."""

    code: str
    th: str
    en: str


class CandidateOut(BaseModel):
    """Somebody who may be the same person, and why."""

    person_id: str
    name: str
    birth_year: str
    score: float
    band: str
    reasons: list[ReasonOut]
    decision: str | None = None


class ElsewhereOut(BaseModel):
    """An agency that may know the person; nothing else is said."""

    agency_id: str
    th: str
    en: str


class DuplicatesOut(BaseModel):
    """Candidates of the own agency, and which other agencies may know the person."""

    candidates: list[CandidateOut]
    elsewhere: list[ElsewhereOut]


class CandidatesOut(BaseModel):
    """Persons like a description."""

    items: list[CandidateOut]


class PairDecision(Strict):
    """Two persons are one, or are not."""

    other_id: Id
    decision: Literal["same", "different"]
    reason: Annotated[str, StringConstraints(max_length=1000)] | None = None


class HoldReason(Strict):
    """Why everything of a case must be kept."""

    reason: Sentence


class HoldOut(BaseModel):
    """A legal hold."""

    id: str
    reason: str
    set_at: datetime
    lifted_at: datetime | None = None


class ErasureOut(BaseModel):
    """What was erased, where, and what is left."""

    person: str
    key_destroyed: bool
    cases: int
    erased: dict[str, int]
    vacuumed: list[str]
    left: list[str]


class ExportOut(BaseModel):
    """Everything kept about one person."""

    form: str
    at: datetime
    person: str
    identity: Identity
    parts: list[dict[str, Any]]
    relations: list[dict[str, Any]]
