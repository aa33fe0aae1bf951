"""Whom a story is about, as far as its words show: the groups that fairness is looked at by.

Region and channel are written in the story's file. The rest are rough signs read from words
(``data/story-groups.yaml``); a story may be in many groups, and a sign is no fact about a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.fairness import Figure, by_group, groups_of, widest_gap
from evals.statistics import Row

FILE = Path(__file__).parent / "data" / "story-groups.yaml"
WRITTEN = ("region", "channel")


def about(story: Mapping[str, Any]) -> dict[str, Any]:
    """``{region, channel, groups}`` for a row."""
    return {
        **{name: str(story.get(name, "")) for name in WRITTEN},
        "groups": groups_of(story, _signs()),
    }


def fairness(rows: Sequence[Row], figure: Figure) -> dict[str, Any]:
    """A figure by region, by channel, and with and without each sign; with the widest gaps."""
    ways = {name: lambda row, n=name: row[n] for name in WRITTEN}
    ways |= {
        name: lambda row, n=name: "with" if n in row["groups"] else "without" for name in _signs()
    }
    return {
        name: {"groups": by_group(rows, way, figure), "gap": widest_gap(rows, way, figure)}
        for name, way in ways.items()
    }


@cache
def _signs() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
