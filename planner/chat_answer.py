"""What a chat model is asked to return, and how its text becomes that or a complaint."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from runtime.errors import CmisError

Within = Literal["1h", "24h", "48h", "72h", "7d", "30d", "90d", "180d"]
SHOWN = 5


class AnswerUnusable(CmisError):
    """The model's text is not the JSON that was asked for."""

    code = "chat.answer_unusable"


class Line(BaseModel):
    """One sentence of the model with what it rests on."""

    text: str = Field(min_length=1, max_length=600)
    passages: list[int] = Field(default_factory=list, max_length=8)
    quotes: list[str] = Field(default_factory=list, max_length=4)


class Proposal(Line):
    """One action the model proposes."""

    problem: str
    who: str
    within: Within


class Answer(BaseModel):
    """The structured answer."""

    formulation: list[Line] = Field(default_factory=list, max_length=6)
    actions: list[Proposal] = Field(default_factory=list, max_length=6)


def read_answer(text: str) -> Answer:
    """The answer in a model's text. Raises `AnswerUnusable` with ``complaint`` for the retry."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise AnswerUnusable(complaint="JSON")
    try:
        return Answer.model_validate_json(text[start : end + 1])
    except ValidationError as error:
        raise AnswerUnusable(complaint=complaint(error)) from None


def complaint(error: ValidationError) -> str:
    """Where and why, never the model's own words."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)[:SHOWN]
    rows = [{"at": ".".join(map(str, f["loc"])), "why": f["type"]} for f in faults]
    return json.dumps(rows, ensure_ascii=False)
