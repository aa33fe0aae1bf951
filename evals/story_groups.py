"""Whom a story is about, as far as its words show: the groups that fairness is looked at by.

Region and channel are written in the story's file; its set says whether those who tune the engine
have read it. Sex, age and disability of the client are what
the reader of people finds in the words; where it finds nothing the group is ``unknown``, a group of
its own. The rest are rough signs read from words (``data/story-groups.yaml``); a story may be in
many groups, and a sign is no fact about a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.fairness import Figure, by_group, groups_of, widest_gap
from evals.statistics import Figures, Row, intervals
from intake.people import PersonRole, ProposedPerson
from intake.people_reading import find_people

FILE = Path(__file__).parent / "data" / "story-groups.yaml"
SETS = Path(__file__).parent / "data" / "story-sets.yaml"
REGIONS = Path(__file__).parent / "data" / "regions.yaml"
WRITTEN = ("set", "region", "channel")
CLIENT = ("client_sex", "client_age", "client_disability")
UNKNOWN = "unknown"
GROWN, OLD = 18, 60  # years


def about(story: Mapping[str, Any]) -> dict[str, Any]:
    """``{set, region, channel, client_sex, client_age, client_disability, groups}`` for a row."""
    region = str(story.get("region") or UNKNOWN)
    return {
        "set": _set(str(story.get("id", ""))),
        "region": _regions().get(region, region),
        "channel": str(story.get("channel") or UNKNOWN),
        **client(story["narrative"]),
        "groups": groups_of(story, _signs()),
    }


def fairness(rows: Sequence[Row], figure: Figure) -> dict[str, Any]:
    """A figure by region, by channel, and with and without each sign; with the widest gaps."""
    ways = {name: lambda row, n=name: row[n] for name in (*WRITTEN, *CLIENT)}
    ways |= {
        name: lambda row, n=name: "with" if n in row["groups"] else "without" for name in _signs()
    }
    return {
        name: {"groups": by_group(rows, way, figure), "gap": widest_gap(rows, way, figure)}
        for name, way in ways.items()
    }


def by_set(rows: Sequence[Row], figures: Figures) -> dict[str, Any]:
    """All figures with their intervals of the read and of the held-out stories, where both are."""
    split = {name: [r for r in rows if r["set"] == name] for name in _sets()}
    if not all(split.values()):
        return {}
    return {
        name: {"n": len(some), "figures": figures(some), "ci": intervals(some, figures)}
        for name, some in split.items()
    }


def client(narrative: str) -> dict[str, str]:
    """What a story's words say of its one client; ``unknown`` of several or of nobody."""
    clients = [p for p in find_people(narrative).persons if _is_client(p)]
    if len(clients) != 1:
        return dict.fromkeys(CLIENT, UNKNOWN)
    (person,) = clients
    return {
        "client_sex": str(person.sex.value) if person.sex else UNKNOWN,
        "client_age": _age(person),
        "client_disability": "with" if person.disability else UNKNOWN,
    }


def _is_client(person: ProposedPerson) -> bool:
    return any(part.role is PersonRole.CLIENT for part in person.roles)


def _age(person: ProposedPerson) -> str:
    years = person.age_years.value if person.age_years else None
    if not isinstance(years, int):
        return UNKNOWN
    return "child" if years < GROWN else "grown" if years < OLD else "old"


def _set(story_id: str) -> str:
    found = (name for name, (first, last) in _sets().items() if first <= story_id <= last)
    return next(found, UNKNOWN)


@cache
def _sets() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = yaml.safe_load(SETS.read_text(encoding="utf-8"))
    return found


@cache
def _regions() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(REGIONS.read_text(encoding="utf-8"))
    return found


@cache
def _signs() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
