"""Thai sentences from reviewed templates; placeholders filled, nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import yaml

_PLACE = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"[ \t]{2,}")
_THAI = "\u0e01-\u0e4e"
CHILD_DOMAINS = ("VIO-04", "VIO-05", "VIO-06", "VIO-07", "VIO-12", "NEG-01", "NEG-02", "NEG-03")


@cache
def templates() -> dict[str, str]:
    """The templates of ``templates/th.yaml`` by name."""
    file = resources.files("planner").joinpath("templates", "th.yaml")
    found: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def say(name: str, /, **places: str) -> str:
    """A template with its places filled."""
    return tidy(templates()[name].format(**places))


def fill(text: str, places: Mapping[str, str]) -> str:
    """A library text with its placeholders filled; unknown ones become the client's noun."""
    filled = _PLACE.sub(lambda m: places.get(m.group(1), places["client"]), text)
    for noun in {places["client"], places["child"]}:
        filled = re.sub(rf"(?<=[{_THAI}]) (?={noun})|(?<={noun}) (?=[{_THAI}])", "", filled)
    return tidy(filled)


def tidy(text: str) -> str:
    """Single spaces, none at the ends."""
    return _SPACES.sub(" ", text).strip()


def client_noun(primary: str, facts: Mapping[str, object]) -> str:
    """The neutral noun for the person at the centre."""
    age = facts.get("age_years")
    if primary in CHILD_DOMAINS or primary.startswith("EDU") or _below(age, 18):
        return say("client.child")
    if primary.startswith("AGE") or primary in ("VIO-09", "NEG-04") or _above(age, 60):
        return say("client.elderly")
    if primary in ("VIO-10", "NEG-05"):
        return say("client.disability")
    return say("client.violence" if primary.startswith("VIO") else "client.other")


def listed(items: Iterable[str]) -> str:
    """``a b และc`` as Thai lists things."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return templates()["list.comma"].join(items[:-1]) + templates()["list.and"] + items[-1]


def _below(age: object, limit: int) -> bool:
    return isinstance(age, int) and age < limit


def _above(age: object, limit: int) -> bool:
    return isinstance(age, int) and age >= limit
