"""A chat model's vote on the codes of a story: masked text out, known codes with words back.

A vote counts only with words that stand in the story. An unfit answer is asked for once more with
the reason; any failure leaves no vote and its reason, and coding goes on without.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from intake.narrative import Narrative
from intake.schemas import Span
from intake.voting import Codes, Votes
from planner.chat_answer import AnswerUnusable, complaint
from planner.chat_model import ATTEMPTS, Ask, ChatBudgetSpent, Mask, MaskedText, asker
from planner.chat_prompt import inert
from runtime.errors import CmisError
from runtime.settings import Settings

PROMPT = "vote-codes.v1"
MOST = 12
QUOTE_LETTERS = 200


class CodeChoice(BaseModel):
    """One code and the words that show it."""

    code: str
    quote: str = Field(min_length=1, max_length=QUOTE_LETTERS)


class Choices(BaseModel):
    """The structured answer."""

    codes: list[CodeChoice] = Field(max_length=MOST)


class CodeVote:
    """Asks one chat model. ``mask`` must fail closed; ``budget_s`` bounds all attempts together."""

    def __init__(self, ask: Ask, mask: Mask, budget_s: float, prompt_letters: int) -> None:
        self._ask = ask
        self._mask = mask
        self._budget_s = budget_s
        self._prompt_letters = prompt_letters

    def __call__(self, narrative: Narrative, codes: Codes) -> Votes:
        """The codes the model chose, each with its words in the story; a note on failure."""
        try:
            masked = self._mask(narrative.text, None)
            chosen = self._chosen(self._filled(masked.text, codes), codes)
        except CmisError as error:
            return Votes(note=error.code)
        except Exception:
            return Votes(note="chat.unreachable")
        return Votes(_found(chosen, masked, narrative.text))

    def _filled(self, story: str, codes: Codes) -> str:
        listed = "\n".join(f"- {code} {label}" for code, label in codes)
        words = _words()
        room = max(0, self._prompt_letters - len(words) - len(listed))
        filled = words.replace("{codes}", listed)
        return filled.replace("{narrative}", inert(story[:room]))

    def _chosen(self, prompt: str, codes: Codes) -> Sequence[CodeChoice]:
        form, asked = _form([code for code, _ in codes]), prompt
        deadline = time.monotonic() + self._budget_s
        for _ in range(ATTEMPTS):
            try:
                return _read(self._ask(asked, form), dict(codes))
            except AnswerUnusable as error:
                last = error
                asked = f"{prompt}\n\n{error.details['complaint']}"
            if time.monotonic() > deadline:
                raise ChatBudgetSpent
        raise last


def open_vote(settings: Settings, mask: Mask) -> CodeVote | None:
    """The configured model's vote; None when no model is set or votes are not asked for."""
    if not (settings.chat_model and settings.chat_votes_on_codes):
        return None
    seconds = settings.chat_vote_timeout_s
    ask = asker(settings, settings.chat_model, seconds / ATTEMPTS)
    return CodeVote(ask, mask, seconds, settings.chat_prompt_letters)


@cache
def _words() -> str:
    file = resources.files("planner").joinpath("prompts", f"{PROMPT}.md")
    return file.read_text(encoding="utf-8").strip()


def _read(text: str, known: dict[str, str]) -> Sequence[CodeChoice]:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise AnswerUnusable(complaint="JSON")
    try:
        chosen = Choices.model_validate_json(text[start : end + 1]).codes
    except ValidationError as error:
        raise AnswerUnusable(complaint=complaint(error)) from None
    if any(c.code not in known for c in chosen):
        raise AnswerUnusable(complaint="codes")
    return chosen


def _found(
    chosen: Sequence[CodeChoice], masked: MaskedText, story: str
) -> dict[str, tuple[Span, ...]]:
    """The chosen codes whose words stand in the story."""
    found: dict[str, tuple[Span, ...]] = {}
    for choice in chosen:
        words = masked.restore(choice.quote)
        start = story.find(words)
        if start >= 0:
            found[choice.code] = (Span(start=start, end=start + len(words), text=words),)
    return found


def _form(codes: Sequence[str]) -> dict[str, Any]:
    """The answer's form as OpenAI-compatible servers take it: no code but those shown."""
    choice = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": list(codes)},
            "quote": {"type": "string", "minLength": 1, "maxLength": QUOTE_LETTERS},
        },
        "required": ["code", "quote"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {"codes": {"type": "array", "items": choice, "maxItems": MOST}},
        "required": ["codes"],
        "additionalProperties": False,
    }
    form = {"name": "codes", "schema": schema, "strict": False}
    return {"type": "json_schema", "json_schema": form}
