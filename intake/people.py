"""The people of a story, as proposals with their words: who they are, their part in it, their ties.

Nothing is invented: every value stands in the story at the spans given. What the words leave open
stays open (`lives_with` unknown, a role among ``unsure``), and a person decides.
"""

from __future__ import annotations

from enum import StrEnum

from intake.schemas import Frozen, Span


class PersonRole(StrEnum):
    """A person's part in a case."""

    CLIENT = "client"
    REPORTER = "reporter"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    PARENT = "parent"
    GUARDIAN = "guardian"
    HOUSEHOLD_MEMBER = "household_member"
    OTHER = "other"


class LivesWith(StrEnum):
    """Whether two people share a home, as far as the words say."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ProposedRole(Frozen):
    """A part somebody plays, with the words that say so and a score 0-1, not calibrated."""

    role: PersonRole
    score: float
    spans: tuple[Span, ...]


class Trait(Frozen):
    """Something the words say of a person: an age in years, a sex, True, or the words."""

    value: int | str | bool
    spans: tuple[Span, ...]


class ProposedPerson(Frozen):
    """Somebody of a story. ``spans``: every place that speaks of them, in order."""

    id: str
    names: tuple[Span, ...] = ()
    terms: tuple[Span, ...] = ()
    spans: tuple[Span, ...]
    speaker: bool = False
    sex: Trait | None = None
    age_years: Trait | None = None
    pregnant: Trait | None = None
    disability: Trait | None = None
    roles: tuple[ProposedRole, ...] = ()
    unsure: tuple[ProposedRole, ...] = ()


class ProposedRelation(Frozen):
    """``person`` is the ``kinship`` of ``relative``; ids of proposed persons."""

    person: str
    relative: str
    kinship: str
    inverse: str
    spans: tuple[Span, ...]
    lives_with: LivesWith = LivesWith.UNKNOWN
    lives_with_spans: tuple[Span, ...] = ()
    unsure: bool = False


class People(Frozen):
    """Everybody a story speaks of, and how they are related."""

    persons: tuple[ProposedPerson, ...] = ()
    relations: tuple[ProposedRelation, ...] = ()

    def playing(self, role: PersonRole) -> list[ProposedPerson]:
        """The persons proposed for a part, the surest first."""
        found = [(r.score, p) for p in self.persons for r in p.roles if r.role is role]
        return [p for _, p in sorted(found, key=lambda pair: -pair[0])]
