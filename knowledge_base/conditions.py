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
    """What settles a condition. ``test`` is a criterion over facts where one is safe."""

    ask_th: str
    codes: tuple[str, ...] = ()
    codes_false: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    red_flags_false: tuple[str, ...] = ()
    intake: tuple[str, ...] = ()
    test: str | None = None


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
    known = {c.id: _own(c.known_by, codes, red_flags, facts) for c in conditions.values()}
    for condition in conditions.values():
        if condition.any_of:
            members = [known[m.removeprefix(NEGATION)] for m in condition.any_of]
            known[condition.id] |= some(
                ~t if m.startswith(NEGATION) else t
                for m, t in zip(condition.any_of, members, strict=True)
            )
    return known


def holds(references: tuple[str, ...], known: Mapping[str, Truth]) -> Truth:
    """Whether all referenced conditions hold, ``not_`` negating the one that follows."""
    return every(value(reference, known) for reference in references)


def value(reference: str, known: Mapping[str, Truth]) -> Truth:
    """What is known of one reference, such as ``pregnant`` or ``not_home_safe``."""
    if reference in known:
        return known[reference]
    return ~known[reference.removeprefix(NEGATION)]


def _own(by: KnownBy, codes: Set[str], red_flags: Set[str], facts: Mapping[str, Any]) -> Truth:
    if codes & set(by.codes) or red_flags & set(by.red_flags):
        return Truth.TRUE
    if codes & set(by.codes_false) or red_flags & set(by.red_flags_false):
        return Truth.FALSE
    return judge(by.test, facts) if by.test else Truth.UNKNOWN
