"""Conferences: call, invite, talk, vote, decide, minutes, tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body, Words
from api.services import Given
from api.views import CaseRoute
from cases.conference_schemas import Call, Outcome, Post, Task, Vote

router = APIRouter(tags=["conferences"], responses=RESPONSES, route_class=CaseRoute)
Id = Field(max_length=64)


class NewConference(Call):
    """A conference to call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    members: list[Words] = Field(max_length=50)
    questions: list[Words] = Field(default=[], max_length=50)


class Members(Body):
    """User ids to invite (``GET /directory``)."""

    members: list[Words] = Field(min_length=1, max_length=50)


class NewPost(Post):
    """A comment or suggestion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Words = Id
    answers: Words | None = Field(default=None, max_length=64)
    text: Words = Field(min_length=1, max_length=5000)


class NewVote(Vote):
    """A vote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Words = Field(default="decision", max_length=64)
    dissent: Words | None = Field(default=None, max_length=2000)


class NewTask(Task):
    """A task."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words = Field(min_length=1, max_length=1000)
    agency_id: Words = Field(max_length=100)


class NewOutcome(Outcome):
    """A decision on exactly this content of the plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words = Field(min_length=1, max_length=5000)
    content_hash: str = Field(min_length=64, max_length=64)
    tasks: list[NewTask] = Field(default=[], max_length=50)  # type: ignore[assignment]


class Minutes(Body):
    """Minutes on top of those last seen (``before``: their hash)."""

    text: Words = Field(min_length=1, max_length=50_000)
    before: Words | None = Field(default=None, max_length=64)


class TaskEnd(Body):
    """What became of a task."""

    status: Literal["done", "dropped"]
    result: Words = Field(min_length=1, max_length=2000)


class ConferenceRow(BaseModel):
    """A conference in a list."""

    id: str
    case_id: str
    number: int
    version_id: str
    status: Literal["open", "decided", "closed"]
    meets_at: datetime
    decision: str | None
    decided_at: datetime | None


class ConferenceOut(ConferenceRow):
    """A whole conference."""

    version_hash: str | None
    agenda: list[dict[str, Any]]
    decision_text: str | None
    decided_hash: str | None
    minutes: str | None
    minutes_hash: str | None
    closed_at: datetime | None
    relation: str
    members: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    votes: list[dict[str, Any]]
    tasks: list[dict[str, Any]]


class DirectoryRow(BaseModel):
    """Somebody who can be invited."""

    id: str
    login: str
    name: str
    role: str
    agency_id: str
    profession: str | None


@router.get("/directory")
def list_directory(person: Signed, services: Given) -> list[DirectoryRow]:
    """People of every agency, with their profession."""
    found = services.casework.conferences.directory(person)
    return [DirectoryRow.model_validate(row) for row in found]


@router.post("/cases/{case_id}/conferences", status_code=201)
def call_conference(
    case_id: str, body: NewConference, person: Signed, services: Given
) -> ConferenceOut:
    """Call a conference on the newest plan; its agenda is what the plan does not know."""
    return ConferenceOut.model_validate(services.casework.conferences.call(person, case_id, body))


@router.get("/cases/{case_id}/conferences")
def list_conferences(case_id: str, person: Signed, services: Given) -> list[ConferenceRow]:
    """The conferences of a case."""
    found = services.casework.conferences.of_case(person, case_id)
    return [ConferenceRow.model_validate(row) for row in found]


@router.get("/conferences")
def my_conferences(person: Signed, services: Given) -> list[ConferenceRow]:
    """Conferences the person is invited to."""
    found = services.casework.conferences.invited(person)
    return [ConferenceRow.model_validate(row) for row in found]


@router.get("/conferences/{conference_id}")
def read_conference(conference_id: str, person: Signed, services: Given) -> ConferenceOut:
    """A conference with its talk, votes and tasks."""
    found = services.casework.conferences.read(person, conference_id)
    return ConferenceOut.model_validate(found)


@router.post("/conferences/{conference_id}/members")
def invite_members(
    conference_id: str, body: Members, person: Signed, services: Given
) -> ConferenceOut:
    """Invite more people."""
    done = services.casework.conferences.invite(person, conference_id, list(body.members))
    return ConferenceOut.model_validate(done)


@router.delete("/conferences/{conference_id}/members/{user_id}")
def uninvite_member(
    conference_id: str, user_id: str, person: Signed, services: Given
) -> ConferenceOut:
    """Take an invitation back."""
    done = services.casework.conferences.uninvite(person, conference_id, user_id)
    return ConferenceOut.model_validate(done)


@router.post("/conferences/{conference_id}/posts", status_code=201)
def write_post(conference_id: str, body: NewPost, person: Signed, services: Given) -> ConferenceOut:
    """Add to the thread on an agenda item or a sentence of the plan."""
    return ConferenceOut.model_validate(
        services.casework.conferences.write(person, conference_id, body)
    )


@router.post("/conferences/{conference_id}/votes", status_code=201)
def cast_vote(conference_id: str, body: NewVote, person: Signed, services: Given) -> ConferenceOut:
    """Vote; a disagreement says why."""
    return ConferenceOut.model_validate(
        services.casework.conferences.vote(person, conference_id, body)
    )


@router.post("/conferences/{conference_id}/decision")
def decide_conference(
    conference_id: str, body: NewOutcome, person: Signed, services: Given
) -> ConferenceOut:
    """Keep the decision, bound to the version's hash."""
    return ConferenceOut.model_validate(
        services.casework.outcomes.decide(person, conference_id, body)
    )


@router.put("/conferences/{conference_id}/version")
def renew_conference(conference_id: str, person: Signed, services: Given) -> ConferenceOut:
    """Bring the plan's newest version before the conference."""
    return ConferenceOut.model_validate(services.casework.conferences.renew(person, conference_id))


@router.put("/conferences/{conference_id}/minutes")
def write_minutes(
    conference_id: str, body: Minutes, person: Signed, services: Given
) -> ConferenceOut:
    """Write the minutes; the second of two people gets both texts (409)."""
    done = services.casework.outcomes.minutes(person, conference_id, body.text, body.before)
    return ConferenceOut.model_validate(done)


@router.post("/conferences/{conference_id}/close")
def close_conference(conference_id: str, person: Signed, services: Given) -> ConferenceOut:
    """End it; the case closes to its members."""
    done = services.casework.outcomes.close(person, conference_id)
    return ConferenceOut.model_validate(done)


@router.post("/conference-tasks/{task_id}/end", status_code=204)
def end_task(task_id: str, body: TaskEnd, person: Signed, services: Given) -> Response:
    """Say what became of a task."""
    services.casework.outcomes.end_task(person, task_id, body.status, body.result)
    return Response(status_code=204)
