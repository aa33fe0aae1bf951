"""What became of proposed codes when workers decided, by code and by domain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evals.fairness import cell
from evals.statistics import Row, share

Kind = Callable[[str], str]
FATES = ("accepted", "removed", "added")


def proposed(row: Row) -> set[str]:
    """The codes the engine counted as present; those of the past are not."""
    return {c["code"] for c in row["codes"] if c.get("role") != "past"}


def added_codes(row: Row) -> set[str]:
    """Codes a person added that the engine had not even offered as unsure."""
    offered = proposed(row) | {c["code"] for c in row["unsure"]}
    return {c for c, d in row["code_decisions"].items() if d != "removed" and c not in offered}


def decided(row: Row, offered: Sequence[Any]) -> list[bool]:
    """Of the offered codes that somebody decided on: whether each was accepted."""
    said = row["code_decisions"]
    return [
        said[c["code"]] != "removed"
        for c in offered
        if c["code"] in said and c.get("role") != "past"
    ]


def fate_of(row: Row) -> dict[str, str]:
    """By code: a proposal ``accepted`` or ``removed``, or a code ``added`` by a person."""
    offered, said = proposed(row), row["code_decisions"]
    found = {c: "accepted" if d != "removed" else d for c, d in said.items() if c in offered}
    return found | dict.fromkeys(added_codes(row), "added")


def fates(rows: Sequence[Row], kind: Kind) -> dict[str, dict[str, Any]]:
    """Per code or domain ``{accepted, removed, added, n, value, ci}``, the most removed first.

    ``value`` is the share removed of the proposals decided on, ``n`` the cases with one; value
    and interval are None below `fairness.LEAST` cases.
    """
    counted = [(row["id"], _counts(row, kind)) for row in rows]
    names = {name for _, counts in counted for name in counts}
    found = {}
    for name in names:
        own = [{"id": case, **counts[name]} for case, counts in counted if name in counts]
        inside = [r for r in own if r["accepted"] + r["removed"]]
        sums = {fate: sum(r[fate] for r in own) for fate in FATES}
        found[name] = {**sums, **cell(inside, _removed_share)}
    order = sorted(found, key=lambda n: (-found[n]["removed"], -(found[n]["value"] or 0), n))
    return {name: found[name] for name in order}


def domain(code: str) -> str:
    """The domain of a code: what stands before the hyphen."""
    return code.split("-", maxsplit=1)[0]


def has_code(row: Row, wanted: str) -> bool:
    """Whether a code of a domain counts as present after the decisions."""
    removed = {c for c, d in row["code_decisions"].items() if d == "removed"}
    return any(domain(c) == wanted for c in (proposed(row) | added_codes(row)) - removed)


def _counts(row: Row, kind: Kind) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for code, fate in fate_of(row).items():
        found.setdefault(kind(code), dict.fromkeys(FATES, 0))[fate] += 1
    return found


def _removed_share(rows: Sequence[Row]) -> float | None:
    removed = sum(r["removed"] for r in rows)
    return share(removed, removed + sum(r["accepted"] for r in rows))
