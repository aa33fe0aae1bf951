"""The prompt: a versioned file in Thai, with story and sources quoted as data in closed frames."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from planner.brief import Brief
from planner.claims import without_instructions

PROMPT = "formulate.v1"
PASSAGE_LENGTH = 700


def prompt(brief: Brief, narrative: str, passages: list[str]) -> str:
    """The filled prompt; ``narrative`` must be masked already."""
    problems = "\n".join(f"- {p.code} {p.label_th}" for p in brief.problems)
    numbered = "\n".join(
        f"[{n}] {p[:PASSAGE_LENGTH]}" for n, p in enumerate(map(without_instructions, passages), 1)
    )
    filled = prompt_text()
    for name, value in (("problems", problems), ("passages", numbered), ("narrative", narrative)):
        filled = filled.replace("{" + name + "}", inert(value))
    return filled


@cache
def prompt_text() -> str:
    """The prompt's own words."""
    file = resources.files("planner").joinpath("prompts", f"{PROMPT}.md")
    return file.read_text(encoding="utf-8")


def prompt_sha256() -> str:
    """The hash of the prompt's words, stored with every run."""
    return hashlib.sha256(prompt_text().encode()).hexdigest()


def inert(text: str) -> str:
    """Data that cannot close its own frame."""
    return text.replace("<", "‹").replace(">", "›").replace("{", "(").replace("}", ")")
