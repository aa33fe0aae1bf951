"""The prompt: versioned files in Thai, with story and sources quoted as data in closed frames.

What does not fit the letters a model is given is left out from behind: first the later passages,
then the end of a long story.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from planner.brief import Brief
from planner.chat_form import ChatLimits
from planner.claims import without_instructions

PROMPT, VERSION = "formulate.v2", "v2"
PASSAGE_LENGTH, LEAST_PASSAGE = 700, 80
STORY_SHARE = 0.6  # of the letters that the prompt's own words leave
ASKS = ("answer", "formulation", "actions")


@dataclass(frozen=True)
class Filled:
    """A prompt but for its ``{ask}``, and how many of the passages stand in it, from the first."""

    text: str
    shown: int


def prompt(
    brief: Brief, narrative: str, passages: list[str], limits: ChatLimits | None = None
) -> Filled:
    """The filled prompt; ``narrative`` must be masked already."""
    limits = limits or ChatLimits()
    problems = "\n".join(f"- {p.code} {p.label_th}" for p in brief.problems)
    room = max(0, limits.prompt_letters - len(_read(PROMPT)) - len(problems))
    story = narrative[: max(int(room * STORY_SHARE), room - PASSAGE_LENGTH * len(passages))]
    numbered, shown = _numbered(passages[: limits.passages], room - len(story))
    filled = _read(PROMPT)
    for name, value in (("problems", problems), ("passages", numbered), ("narrative", story)):
        filled = filled.replace("{" + name + "}", inert(value))
    return Filled(filled, shown)


def asked(filled: Filled, ask: str) -> str:
    """The prompt with its last words."""
    return filled.text.replace("{ask}", _read(f"ask-{ask}.{VERSION}"))


def _numbered(passages: list[str], room: int) -> tuple[str, int]:
    """Numbered passages, cut evenly to the room, and how many: the rest would get too little."""
    count = min(len(passages), max(1, room // LEAST_PASSAGE))
    each = max(LEAST_PASSAGE, min(PASSAGE_LENGTH, room // max(1, count)))
    told = [without_instructions(p)[:each] for p in passages[:count]]
    return "\n".join(f"[{n}] {p}" for n, p in enumerate(told, 1)), count


@cache
def prompt_text() -> str:
    """The prompt's own words, all of its endings with them."""
    return "\n".join(_read(name) for name in (PROMPT, *(f"ask-{a}.{VERSION}" for a in ASKS)))


def prompt_sha256() -> str:
    """The hash of the prompt's words, stored with every run."""
    return hashlib.sha256(prompt_text().encode()).hexdigest()


def inert(text: str) -> str:
    """Data that cannot close its own frame."""
    return text.replace("<", "‹").replace(">", "›").replace("{", "(").replace("}", ")")


@cache
def _read(name: str) -> str:
    file = resources.files("planner").joinpath("prompts", f"{name}.md")
    return file.read_text(encoding="utf-8").strip()
