"""The actions of a plan as people decided them: what a service or a letter can be asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.desk import Desk


def of_plan(desk: Desk, case: Mapping[str, Any], *, approved: bool) -> dict[str, str]:
    """The actions by id of the newest plan, or of the newest approved one; empty without one."""
    fitting = [v for v in case["versions"] if v["approved"] or not approved]
    newest = max(fitting, key=lambda v: v["number"], default=None)
    return actions(desk.api.get(f"/plans/{newest['id']}")) if newest else {}


def actions(version: Mapping[str, Any]) -> dict[str, str]:
    """The words of each action by its id in the plan's order; what was struck is left out."""
    problems = (version["content"].get("plan") or {}).get("problems", [])
    found = [a for p in problems for g in p["goals"] for a in g["actions"]]
    decided = {a["id"]: version["decisions"].get(a["sentence"]["id"]) or {} for a in found}
    return {
        a["id"]: str(_edited(decided[a["id"]]) or a["sentence"]["text"])
        for a in found
        if decided[a["id"]].get("decision") != "struck"
    }


def _edited(decision: Mapping[str, Any]) -> str | None:
    return decision.get("text") if decision.get("decision") == "edited" else None
