"""Agencies as people write them, found among the roles of a plan (``data/agency-names.yaml``).

The map was written and frozen before any plan was tuned. One written name may join several
(``a/b``, ``a and b``): it counts as covered when one of them is, and a hotline when the plan
writes its number.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache
from importlib import resources
from typing import Any

import yaml

_NUMBER = re.compile(r"(?<!\d)\d{3,4}(?!\d)")


def is_covered(name: str, roles: Set[str], text: str) -> bool | None:
    """Whether the plan involves a written agency; None when the map does not know the name."""
    wanted = roles_of(name)
    numbers = set(_NUMBER.findall(name))
    if not wanted and not numbers:
        return None
    return bool(wanted & roles) or any(n in text for n in numbers)


@cache
def roles_of(name: str) -> frozenset[str]:
    """The roles any part of a written name may mean."""
    return frozenset(role for part in _parts(name) for role in _row(part))


def _parts(name: str) -> list[str]:
    """``a/b`` and joined names apart, official names that hold a joining word whole."""
    data = _data()
    for place, whole in enumerate(data["unbroken"]):
        name = name.replace(whole, f"\x00{place}\x00")
    parts = re.split("[/,]|" + "|".join(map(re.escape, data["joins"])), name)
    for place, whole in enumerate(data["unbroken"]):
        parts = [p.replace(f"\x00{place}\x00", whole) for p in parts]
    return parts


def _row(part: str) -> tuple[str, ...]:
    for row in _data()["names"]:
        if any(str(h) in part for h in row["has"]):
            return tuple(row["roles"])
    return ()


@cache
def _data() -> dict[str, Any]:
    file = resources.files("evals").joinpath("data", "agency-names.yaml")
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found
