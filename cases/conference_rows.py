"""Conferences as they are kept: who may take part or lead, what is on the agenda, who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from cases import repository
from cases.casework_errors import (
    ConferenceOver,
    ConferenceUnfit,
    ConferenceUnseen,
    found,
)
from cases.conference_schemas import WHOLE, Task
from cases.letters import SQL as LETTERS
from cases.people import CASE_ROLES, INVITED_ROLES, Person
from cases.rows import Row, Rows
from planner.schemas import Draft
from runtime.clock import now
from runtime.errors import Forbidden

SQL = Rows("conferences")
PARTS = ["codes", "plan", "steps", "services", "conference"]


def agenda(content: Any, questions: Sequence[str]) -> list[dict[str, str]]:
    """What the plan asks the team and does not know, then what the caller adds."""
    draft = Draft.model_validate(content)
    asked = [s for s in (*draft.plan.mdt, *draft.assessment.missing) if s.text.strip()]
    actions = (a for p in draft.plan.problems for g in p.goals for a in g.actions)
    asked += [a.question for a in actions if a.question is not None]
    items = [{"id": s.id, "kind": "plan", "text": s.text} for s in asked]
    return items + [
        {"id": f"q{n}", "kind": "person", "text": q} for n, q in enumerate(questions, 1)
    ]


def invite(
    session: Session, person: Person, case_id: str, conference_id: str, members: list[str]
) -> None:
    """Ask people; whoever was asked before and uninvited is asked again."""
    known = {row["id"]: row for row in SQL.rows(session, "directory")}
    if not set(members) <= known.keys():
        raise ConferenceUnfit(what="members")
    for user_id in dict.fromkeys(members):
        who = known[user_id]
        SQL.run(
            session,
            "add_member",
            conference_id=conference_id,
            case_id=case_id,
            user_id=user_id,
            agency_id=who["agency_id"],
            name=who["name"],
            profession=who["profession"] or who["role"],
            parts=PARTS,
            who=person.id,
        )


def read(session: Session, conference_id: str) -> Row:
    """A conference with its members, talk, votes and tasks; raises `ConferenceUnseen`."""
    held = found(SQL.first(session, "get_conference", id=conference_id), ConferenceUnseen)
    return held | {
        name: SQL.rows(session, name, conference_id=conference_id)
        for name in ("members", "posts", "votes", "tasks")
    }


def member(session: Session, person: Person, conference_id: str) -> Row:
    """The open conference; the case's own workers take part without an invitation."""
    if person.role not in INVITED_ROLES:
        raise Forbidden
    held = read(session, conference_id)
    repository.writable(session, held["case_id"], "conference")
    if held["status"] != "open":
        raise ConferenceOver
    return held


def led(session: Session, person: Person, conference_id: str, *, decided: bool = False) -> Row:
    """The conference, for the agency that called it; its case is held until the end."""
    if person.role not in CASE_ROLES:
        raise Forbidden
    called = found(SQL.first(session, "get_conference", id=conference_id), ConferenceUnseen)
    case_id = called["case_id"]
    if repository.seen_case(session, case_id)["agency_id"] != person.agency_id:
        raise Forbidden
    repository.seen_case(session, case_id, lock=True)
    held = read(session, conference_id)
    if held["status"] == "closed" or (held["status"] == "decided" and not decided):
        raise ConferenceOver
    return held


def newest(session: Session, case_id: str) -> Row:
    """The plan's newest version; raises `ConferenceUnfit` where there is none."""
    version = SQL.first(session, "newest_version", case_id=case_id)
    if version is None:
        raise ConferenceUnfit(what="plan")
    return version


def check_tasks(session: Session, tasks: Sequence[Task]) -> None:
    """A task is for an agency there is, and due on a moment to come."""
    known = {row["id"] for row in LETTERS.rows(session, "agencies")}
    for task in tasks:
        if task.agency_id not in known or not task.text.strip():
            raise ConferenceUnfit(what="tasks")
        if task.due.tzinfo is None or task.due <= now():
            raise ConferenceUnfit(what="tasks.due")


def check_topic(session: Session, held: Row, topic: str) -> None:
    """What is talked about is on the agenda or in the plan; raises `ConferenceUnfit`."""
    if topic == WHOLE or topic in {item["id"] for item in held["agenda"]}:
        return
    version = repository.seen(session, "get_version", id=held["version_id"])
    if topic not in {s.id for s in Draft.model_validate(version["content"]).sentences()}:
        raise ConferenceUnfit(what="topic")
