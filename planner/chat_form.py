"""In which form a model answers: all at once, or, where few tokens fit, one small part at a time.

A small model on a small machine cannot fill the whole form: its answer is cut off in the middle and
is none. So the form is measured by the tokens an answer may have, at one letter a token, which the
server's grammar then holds it to; whatever the model writes, it ends in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from planner.chat_answer import Answer, Within
from runtime.settings import Settings

PARTS = ("formulation", "actions")
WHOLE_FROM = 1_000  # tokens from which one answer holds every part
LINES, LETTERS, LINE_TOKENS, MARKS = 4, 600, 160, 70  # marks: the braces and names of a line
BARE = 40  # letters of the shortest sentence asked for in a small form


@dataclass(frozen=True)
class ChatLimits:
    """How much a model is given and may answer; letters of the prompt, tokens of an answer."""

    passages: int = 24
    prompt_letters: int = 24_000
    answer_tokens: int = 1_500

    @classmethod
    def of(cls, settings: Settings) -> ChatLimits:
        """What the office has set."""
        return cls(
            settings.chat_passages, settings.chat_prompt_letters, settings.chat_answer_tokens
        )


@dataclass(frozen=True)
class Form:
    """One question's form: which parts, and how many lines of how many letters."""

    parts: tuple[str, ...]
    lines: int
    letters: int
    is_whole: bool

    @property
    def ask(self) -> str:
        """The name of the prompt's last words."""
        return "answer" if self.is_whole else self.parts[0]

    def response_format(
        self, codes: Sequence[str], roles: Sequence[str], passages: int
    ) -> dict[str, Any]:
        """The form as OpenAI-compatible servers take it; llama.cpp makes a grammar of it.

        ``passages``: how many were shown; without any the answer has no place for one, for no
        value would fit an empty list of choices.
        """
        schema = (
            Answer.model_json_schema() if self.is_whole else self._small(codes, roles, passages)
        )
        form = {"name": "answer", "schema": schema, "strict": False}
        return {"type": "json_schema", "json_schema": form}

    def _small(self, codes: Sequence[str], roles: Sequence[str], passages: int) -> dict[str, Any]:
        line: dict[str, Any] = {
            "text": {"type": "string", "minLength": BARE, "maxLength": self.letters}
        }
        if passages:
            line["passages"] = _chosen(passages)
        if self.parts == ("actions",):
            chosen = {"problem": codes, "who": roles, "within": get_args(Within)}
            line |= {k: {"type": "string", "enum": list(v)} for k, v in chosen.items()}
        lines = {"type": "array", "items": _object(line), "minItems": 1, "maxItems": self.lines}
        return _object({self.parts[0]: lines})


def forms(limits: ChatLimits) -> tuple[Form, ...]:
    """The questions to ask one after another."""
    tokens = limits.answer_tokens
    if tokens >= WHOLE_FROM:
        return (Form(PARTS, LINES, LETTERS, is_whole=True),)
    lines = max(1, min(LINES, tokens // LINE_TOKENS))
    letters = max(BARE, min(LETTERS, tokens // lines - MARKS))
    return tuple(Form((part,), lines, letters, is_whole=False) for part in PARTS)


def answerable(form: Form, codes: Sequence[str]) -> bool:
    """Whether a form has an answer: actions need a problem they may belong to."""
    return bool(codes) or "formulation" in form.parts


def _chosen(passages: int) -> dict[str, Any]:
    """One of the numbers of the passages shown."""
    numbers = {"type": "integer", "enum": list(range(1, passages + 1))}
    return {"type": "array", "items": numbers, "minItems": 1, "maxItems": 1}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
