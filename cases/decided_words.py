"""The words of a plan as people decided: as drafted, as edited, or none where they were struck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.schemas import Sentence

Decisions = Mapping[str, Mapping[str, Any]]


def kept_text(text: str, decision: Mapping[str, Any]) -> str:
    """What stands in the plan after a decision."""
    if decision.get("decision") == "struck":
        return ""
    return str(decision["text"]) if decision.get("decision") == "edited" else text


def said(sentence: Sentence, decisions: Decisions) -> str:
    """The words a person let stand; none where it was struck."""
    return kept_text(sentence.text, decisions.get(sentence.id) or {})
