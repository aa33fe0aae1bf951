"""Conditions of actions, decided in three values from codes, red flags and household facts."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

from pydantic import Field

from knowledge_base.criteria import judge
from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked
from knowledge_base.truth import Truth, every, some

NEGATION = "not_"


class KnownBy(Frozen):
    """What settles a condition: codes, red flags, or facts that cannot be someone else's.

    ``true_if`` and ``false_if`` are criteria (see `knowledge_base.criteria`). ``intake`` names the
    facts that bear on the condition without settling it, for a form that asks.
    """

    ask_th: str
    codes: tuple[str, ...] = ()
    codes_false: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    red_flags_false: tuple[str, ...] = ()
    intake: tuple[str, ...] = ()
    true_if: str | None = None
    false_if: str | None = None


class Condition(Frozen):
    """One condition; a composite is true when any member of ``any_of`` is."""

    id: str
    th: str
    meaning_th: str
    known_by: KnownBy
    any_of: tuple[str, ...] = Field(default=())


def load_conditions(data_dir: Path) -> dict[str, Condition]:
    """The conditions of ``conditions.yaml`` by id."""
    rows = unmarked(read_marked(data_dir / "conditions.yaml"))["conditions"]
    return {row["id"]: Condition.model_validate(row) for row in rows}


def decide(
    conditions: Mapping[str, Condition],
    codes: Set[str],
    red_flags: Set[str],
    facts: Mapping[str, Any],
) -> dict[str, Truth]:
    """What is known of every condition: true, false or unknown."""
    own = {c.id: _own(c.known_by, codes, red_flags, facts) for c in conditions.values()}
    return {c.id: _whole(c, own) for c in conditions.values()}


def holds(references: tuple[str, ...], known: Mapping[str, Truth]) -> Truth:
    """Whether all referenced conditions hold, ``not_`` negating the one that follows."""
    return every(value(reference, known) for reference in references)


def value(reference: str, known: Mapping[str, Truth]) -> Truth:
    """What is known of one reference, such as ``pregnant`` or ``not_home_safe``."""
    if reference in known:
        return known[reference]
    return ~known[reference.removeprefix(NEGATION)]


def _whole(condition: Condition, own: Mapping[str, Truth]) -> Truth:
    """A composite is what its members say, unless something settles it by itself."""
    if own[condition.id] is not Truth.UNKNOWN or not condition.any_of:
        return own[condition.id]
    return some(value(member, own) for member in condition.any_of)


def _own(by: KnownBy, codes: Set[str], red_flags: Set[str], facts: Mapping[str, Any]) -> Truth:
    """Codes and flags first, then facts."""
    decided = _between(
        bool(codes & set(by.codes) or red_flags & set(by.red_flags)),
        bool(codes & set(by.codes_false) or red_flags & set(by.red_flags_false)),
    )
    if decided is None:
        decided = _between(_is_true(by.true_if, facts), _is_true(by.false_if, facts))
    return Truth.UNKNOWN if decided is None else decided


def _between(speaks_for: bool, speaks_against: bool) -> Truth | None:
    """None when nothing speaks; UNKNOWN when both sides do, so that somebody asks."""
    if not (speaks_for or speaks_against):
        return None
    return Truth.UNKNOWN if speaks_for and speaks_against else Truth.of(speaks_for)


def _is_true(criterion: str | None, facts: Mapping[str, Any]) -> bool:
    return criterion is not None and judge(criterion, facts) is Truth.TRUE
