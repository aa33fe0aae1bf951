"""What people say about a conference: call it, talk, vote, decide, give tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

WHOLE = "decision"  # the topic of votes on the decision itself


class Call(BaseModel):
    """A conference to be called: when, with whom (user ids), and questions beside the plan's."""

    model_config = ConfigDict(frozen=True)

    meets_at: datetime
    members: list[str]
    questions: list[str] = []


class Post(BaseModel):
    """A comment or suggestion on an agenda item or a sentence of the plan."""

    model_config = ConfigDict(frozen=True)

    topic: str
    kind: Literal["comment", "suggestion"] = "comment"
    answers: str | None = None
    text: str


class Vote(BaseModel):
    """A vote; a disagreement says why."""

    model_config = ConfigDict(frozen=True)

    topic: str = WHOLE
    vote: Literal["agree", "disagree", "abstain"]
    dissent: str | None = None


class Task(BaseModel):
    """Something an agency is to do by a day."""

    model_config = ConfigDict(frozen=True)

    text: str
    agency_id: str
    due: datetime


class Outcome(BaseModel):
    """What was decided about exactly this content, and who does what."""

    model_config = ConfigDict(frozen=True)

    decision: Literal["keep_plan", "change_plan", "prepare_closure", "refer"]
    text: str
    content_hash: str
    tasks: list[Task] = []
