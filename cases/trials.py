"""In-product trials: registered, begun once, cases randomised at their first draft.

A researcher sees arms as letters until the trial has ended and was unblinded, which the research
log keeps. Whoever works on a case sees its arm, for they have to work by it. No arm hides a red
flag.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository
from cases.allocation import arm_at, letters
from cases.canonical import canonical
from cases.people import Person
from cases.research_errors import (
    TrialFrozen,
    TrialOver,
    TrialRunning,
    TrialUnknown,
    only_researchers,
)
from cases.research_log import log
from cases.rows import Row, Rows
from cases.trial_registration import Arm, Registration
from runtime.clock import today
from runtime.database import Database

ROWS = Rows("trials")


class Trials:
    """The trials of one database; ``secret`` is the installation's."""

    def __init__(self, database: Database, secret: str) -> None:
        self._database = database
        self._secret = secret.encode()

    def start(self, person: Person, trial: Registration) -> dict[str, Any]:
        """Freeze the registration and begin. Raises `TrialFrozen` when it began as another."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            begun = ROWS.run(
                session,
                "add_trial",
                id=trial.id,
                registration=canonical(trial.model_dump(mode="json")).decode(),
                sha256=trial.sha256,
                who=person.id,
            )
            found = _trial(session, trial.id)
            if found["sha256"] != trial.sha256:
                raise TrialFrozen(trial=trial.id, sha256=found["sha256"])
            if begun:
                log(session, person, "trial_started", trial.id, {"sha256": trial.sha256})
            return _with_count(session, found)

    def listed(self, person: Person) -> list[dict[str, Any]]:
        """All trials with how many cases each has taken in."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            taken = _taken(session)
            return [
                row | {"taken": taken.get(row["id"], 0)}
                for row in ROWS.rows(session, "list_trials")
            ]

    def end(self, person: Person, trial_id: str, reason: str) -> dict[str, Any]:
        """Take in no more cases. Raises `TrialUnknown` or `TrialOver`."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            _trial(session, trial_id)
            if not ROWS.run(session, "end_trial", id=trial_id, who=person.id, reason=reason):
                raise TrialOver
            log(session, person, "trial_ended", trial_id, {"reason": reason})
            return _with_count(session, _trial(session, trial_id))

    def unblind(self, person: Person, trial_id: str) -> dict[str, Arm]:
        """The arm behind each letter, from now on in extracts too. Raises `TrialRunning`."""
        only_researchers(person)
        with self._database.session(person.actor) as session:
            found = _trial(session, trial_id)
            if found["ended_at"] is None:
                raise TrialRunning
            meant = letters(_registered(found), self._secret)
            if ROWS.run(session, "unblind_trial", id=trial_id, who=person.id):
                log(session, person, "trial_unblinded", trial_id, {})
        return {letter: arm for arm, letter in sorted(meant.items(), key=lambda pair: pair[1])}

    def view(self, person: Person, case_id: str) -> dict[str, str] | None:
        """``{trial, view}`` of a case in a trial; None for one in none. Raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            found = ROWS.first(session, "assignment", case_id=case_id)
        return {"trial": found["trial_id"], "view": found["arm"]} if found else None

    def assign(self, session: Session, person: Person, case: Row) -> None:
        """Give a case its arm, once, in the transaction that asks for its first draft."""
        if ROWS.first(session, "assignment", case_id=case["id"]):
            return
        for row in ROWS.rows(session, "open_trials"):
            trial = _registered(row)
            open_to = trial.takes(case["agency_id"], today()) and self._owned(person, case)
            if open_to and self._placed(session, person, case, trial):
                return

    @staticmethod
    def _owned(person: Person, case: Row) -> bool:
        return bool(case["agency_id"] == person.agency_id)

    def _placed(self, session: Session, person: Person, case: Row, trial: Registration) -> bool:
        taken = ROWS.rows(session, "trial_places", trial_id=trial.id, agency_id=case["agency_id"])[
            0
        ]
        if taken["in_all"] >= trial.sample_size:
            return False
        arm = arm_at(trial, self._secret, case["agency_id"], taken["in_stratum"])
        letter = letters(trial, self._secret)[arm]
        ROWS.run(
            session,
            "add_assignment",
            trial_id=trial.id,
            case_id=case["id"],
            agency_id=case["agency_id"],
            place=taken["in_stratum"],
            arm=arm,
            letter=letter,
            who=person.id,
        )
        audit.record(session, case["id"], person.id, "trial_assigned", trial.id, {"letter": letter})
        return True


def _trial(session: Session, trial_id: str) -> Row:
    found = ROWS.first(session, "get_trial", id=trial_id)
    if found is None:
        raise TrialUnknown
    return found


def _registered(row: Row) -> Registration:
    return Registration.model_validate_json(canonical(row["registration"]))


def _with_count(session: Session, row: Row) -> dict[str, Any]:
    return row | {"taken": _taken(session).get(row["id"], 0)}


def _taken(session: Session) -> dict[str, int]:
    """How many cases each trial has taken in; waits for none being placed."""
    return {row["trial_id"]: row["taken"] for row in ROWS.rows(session, "trials_taken")}
