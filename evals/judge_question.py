"""What a judging model is asked, and how its text becomes a verdict: which of two plans is better.

The prompt is a versioned file in Thai. Story and plans are masked together, so that one person has
one placeholder in all three, and stand in closed frames as data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from planner.chat_prompt import inert

PROMPT = Path(__file__).parent / "prompts" / "judge.v1.md"
LONGEST = 6_000  # letters of a story or a plan
BREAK = "\n\x1e\n"
FORM: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "verdict",
        "schema": {
            "type": "object",
            "properties": {
                "better": {"type": "string", "enum": ["1", "2", "tie"]},
                "reason": {"type": "string", "maxLength": 400},
            },
            "required": ["better"],
        },
        "strict": False,
    },
}
Better = Literal["1", "2", "tie"]


class Verdict(BaseModel):
    """Which plan is better, by its place in the question."""

    better: Better


def question(
    story: str, plans: tuple[Sequence[str], Sequence[str]], mask: Callable[[str], str]
) -> str:
    """The filled prompt, the plans in the order given. ``mask`` must fail closed."""
    told = [story, *("\n".join(f"- {line}" for line in plan) for plan in plans)]
    hidden = mask(BREAK.join(text[:LONGEST].replace("\x1e", " ") for text in told))
    filled = prompt_text()
    for name, text in zip(("story", "plan_1", "plan_2"), hidden.split(BREAK), strict=True):
        filled = filled.replace("{" + name + "}", inert(text))
    return filled


def verdict(text: str) -> Better | None:
    """The verdict in a model's text; None when there is none that can be read."""
    start, end = text.find("{"), text.rfind("}")
    try:
        return Verdict.model_validate_json(text[start : end + 1]).better
    except ValidationError:
        return None


@cache
def prompt_text() -> str:
    """The prompt's own words."""
    return PROMPT.read_text(encoding="utf-8").strip()


def prompt_sha256() -> str:
    """The hash of the prompt's words."""
    return hashlib.sha256(prompt_text().encode()).hexdigest()
