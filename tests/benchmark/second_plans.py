"""How much of a plan's key another person of the trade covers, to read our plans against.

``python -m tests.benchmark.second_plans`` scores ``evals/data/unread/second-plans.yaml`` with the
matcher of `cmis eval drafting` against the keys of the same stories, and of other ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

import evals
from commands.wiring import Wiring
from evals.intervals import clustered
from evals.plan_matching import PlanMatcher
from evals.stories import stories

UNREAD = Path(evals.__file__).parent / "data" / "unread"
STRANGERS = 5  # plans of other stories that each key is held against
Row = Mapping[str, int]


def rows(matcher: PlanMatcher) -> list[dict[str, int]]:
    """Elements of each story's key, covered by its second plan, and by plans of other stories."""
    keys = {s["id"]: s["key"]["plan_must"] for f in UNREAD.glob("S*.yaml") for s in stories(f)}
    plans = yaml.safe_load((UNREAD / "second-plans.yaml").read_text(encoding="utf-8"))
    found = []
    for at, told in enumerate(plans):
        must = keys[told["id"]]
        others = [plans[(at + step) % len(plans)]["plan"] for step in range(1, STRANGERS + 1)]
        found.append(
            {
                "elements": len(must),
                "covered": sum(matcher.covers(m, told["plan"]) for m in must),
                "by_others": sum(matcher.covers(m, plan) for m in must for plan in others),
            }
        )
    return found


def figures(some: Sequence[Row]) -> dict[str, float]:
    """``must_covered`` by the second plan and ``other_plans`` by those of other stories, 0-1."""
    elements = sum(r["elements"] for r in some)
    return {
        "must_covered": sum(r["covered"] for r in some) / elements,
        "other_plans": sum(r["by_others"] for r in some) / (elements * STRANGERS),
    }


def main() -> None:
    """Print both figures with 95 % intervals over stories."""
    wiring = Wiring.from_environment()
    found = rows(PlanMatcher(wiring.library, wiring.embedder.passages))
    said: dict[str, Any] = {**figures(found), "ci": clustered(found, figures), "n": len(found)}
    print(json.dumps(said, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
