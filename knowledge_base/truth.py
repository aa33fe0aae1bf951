"""Three-valued truth, because a case worker's "not known yet" is neither yes nor no.

Kleene's strong logic: an unknown part leaves the whole unknown unless the other part already
settles it (false AND unknown is false; true OR unknown is true).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """TRUE, FALSE or UNKNOWN, joined with `&`, `|` and `~`.

    It has no truth value of its own: `if truth:` raises TypeError, so that unknown can never
    slip through as no.
    """

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """TRUE for True, FALSE for False, UNKNOWN for None."""
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE

    def __and__(self, other: Truth) -> Truth:
        if Truth.FALSE in (self, other):
            return Truth.FALSE
        return Truth.UNKNOWN if Truth.UNKNOWN in (self, other) else Truth.TRUE

    def __or__(self, other: Truth) -> Truth:
        if Truth.TRUE in (self, other):
            return Truth.TRUE
        return Truth.UNKNOWN if Truth.UNKNOWN in (self, other) else Truth.FALSE

    def __invert__(self) -> Truth:
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE

    def __bool__(self) -> bool:
        raise TypeError("a Truth may be unknown: compare it with TRUE, FALSE or UNKNOWN")


def every(truths: Iterable[Truth]) -> Truth:
    """The conjunction of all; TRUE for none."""
    whole = Truth.TRUE
    for truth in truths:
        whole &= truth
    return whole


def some(truths: Iterable[Truth]) -> Truth:
    """The disjunction of all; FALSE for none."""
    whole = Truth.FALSE
    for truth in truths:
        whole |= truth
    return whole
