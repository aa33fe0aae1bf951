"""What comes of a conference: a decision with its tasks, the minutes, and its end.

A decision carries the hash of the plan's version it was made on, and the names of who disagreed.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.orm import Session

from cases import audit, repository
from cases import conference_rows as rows
from cases.canonical import content_hash
from cases.casework_errors import (
    ConferenceOutdated,
    ConferenceOver,
    ConferenceUnfit,
    MinutesChanged,
    TaskTheirs,
    TaskUnseen,
    found,
)
from cases.conference_rows import SQL
from cases.conference_schemas import Outcome
from cases.people import INVITED_ROLES, Person
from cases.rows import Row
from runtime.database import Database
from runtime.errors import Forbidden


class Outcomes:
    """Decisions, minutes and tasks of conferences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, person: Person, conference_id: str, outcome: Outcome) -> dict[str, Any]:
        """Keep the decision with the version's hash.

        Raises `ConferenceUnfit` for other content or a task nobody can do, `ConferenceOutdated`
        when the plan has a newer version, `ConferenceOver` when somebody decided first.
        """
        with self._database.session(person.actor) as session:
            held = rows.led(session, person, conference_id)
            _unless_outdated(session, held, outcome)
            rows.check_tasks(session, outcome.tasks)
            _keep(session, person, held, outcome)
            told = {
                "decision": outcome.decision,
                "version_id": held["version_id"],
                "dissent": [v["voter_name"] for v in held["votes"] if v["vote"] == "disagree"],
            }
            audit.record(
                session, held["case_id"], person.id, "conference_decided", conference_id, told
            )
            return rows.read(session, conference_id)

    def minutes(
        self, person: Person, conference_id: str, text: str, before: str | None
    ) -> dict[str, Any]:
        """Write the minutes on top of those last seen (``before``: their hash).

        Raises `MinutesChanged` with both texts when somebody wrote first.
        """
        with self._database.session(person.actor) as session:
            held = rows.led(session, person, conference_id, decided=True)
            if not SQL.run(
                session,
                "write_minutes",
                id=conference_id,
                minutes=text,
                minutes_hash=content_hash(text),
                before=before,
                who=person.id,
            ):
                theirs = rows.read(session, conference_id)
                raise MinutesChanged(
                    theirs={k: theirs[k] for k in ("minutes", "minutes_hash")}, yours=text
                )
            audit.record(session, held["case_id"], person.id, "conference_minutes", conference_id)
            return rows.read(session, conference_id)

    def close(self, person: Person, conference_id: str) -> dict[str, Any]:
        """End it once it has decided and has minutes; the case closes to its members."""
        with self._database.session(person.actor) as session:
            held = rows.led(session, person, conference_id, decided=True)
            if not SQL.run(session, "close", id=conference_id):
                raise ConferenceUnfit(what="minutes")
            audit.record(session, held["case_id"], person.id, "conference_closed", conference_id)
            return rows.read(session, conference_id)

    def end_task(
        self, person: Person, task_id: str, status: Literal["done", "dropped"], result: str
    ) -> None:
        """Say what became of a task of one's own agency or case.

        Raises `TaskTheirs` or `TaskUnseen`.
        """
        if person.role not in INVITED_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            task = found(SQL.first(session, "one_task", id=task_id), TaskUnseen)
            if not task["may_end"]:
                raise TaskTheirs
            given = {"status": status, "result": result, "who": person.id}
            if not SQL.run(session, "end_task", id=task_id, **given):
                raise TaskUnseen
            audit.record(session, task["case_id"], person.id, f"task_{status}", task_id)


def _unless_outdated(session: Session, held: Row, outcome: Outcome) -> None:
    """What is decided on was seen as it stands, and is the plan's newest version."""
    if outcome.content_hash != held["version_hash"]:
        raise ConferenceUnfit(what="content_hash")
    newest = rows.newest(session, held["case_id"])
    if newest["id"] != held["version_id"]:
        raise ConferenceOutdated(version_id=newest["id"])


def _keep(session: Session, person: Person, held: Row, outcome: Outcome) -> None:
    """The decision with its tasks; raises `ConferenceOver` when somebody decided first."""
    if not SQL.run(
        session,
        "decide",
        id=held["id"],
        decision=outcome.decision,
        decision_text=outcome.text,
        decided_hash=outcome.content_hash,
        who=person.id,
    ):
        raise ConferenceOver
    for task in outcome.tasks:
        SQL.run(
            session,
            "add_task",
            id=repository.new_id(),
            conference_id=held["id"],
            case_id=held["case_id"],
            who=person.id,
            **task.model_dump(),
        )
