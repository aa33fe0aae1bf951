"""A person's word on each sentence: accept, edit, strike, undo; nobody overwrites anybody."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.errors import (
    DecisionIncomplete,
    FlaggedAccepted,
    ReviewConflict,
    SentenceUnknown,
    VersionApproved,
)
from cases.people import CASE_ROLES, Person
from planner.schemas import Draft, Sentence
from runtime.database import Database
from runtime.errors import Forbidden


class Decision(BaseModel):
    """What a person decides about one sentence; ``revision`` is the one they last saw."""

    model_config = ConfigDict(frozen=True)

    sentence_id: str
    decision: Literal["accepted", "edited", "struck"]
    text: str | None = None
    reason: str | None = None
    revision: int = 0


class Review:
    """Versions on the table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, person: Person, version_id: str) -> dict[str, Any]:
        """A version with its decisions and approval; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            version = dict(repository.seen(session, "get_version", id=version_id))
            approval = repository.first(session, "get_approval", version_id=version_id)
            return version | {
                "decisions": decisions(session, version_id),
                "approval": repository.plain(approval),
            }

    def decide(self, person: Person, version_id: str, wanted: list[Decision]) -> None:
        """Take decisions, all or none. Raises one of `cases.errors`."""
        with self._database.session(person.actor) as session:
            version = _open_version(session, person, version_id)
            known = {s.id: s for s in _draft(version).sentences()}
            current = decisions(session, version_id)
            for decision in wanted:
                _check(decision, known, current.get(decision.sentence_id))
            for decision in wanted:
                self._add(session, person, version, decision.model_dump())
            repository.run(session, "set_status", id=version["case_id"], status="reviewing")
            detail = {
                "decisions": [d.model_dump(include={"sentence_id", "decision"}) for d in wanted]
            }
            audit.record(
                session, version["case_id"], person.id, "items_decided", version_id, detail
            )

    def undo(self, person: Person, version_id: str, sentence_id: str) -> None:
        """Take the last decision on a sentence back; what was decided stays in the record."""
        with self._database.session(person.actor) as session:
            version = _open_version(session, person, version_id)
            current = decisions(session, version_id).get(sentence_id)
            if current is None or current["decision"] is None:
                raise SentenceUnknown(sentence_id=sentence_id)
            undone = {
                "sentence_id": sentence_id,
                "decision": "undone",
                "text": None,
                "reason": None,
                "revision": current["revision"],
            }
            self._add(session, person, version, undone)
            audit.record(
                session,
                version["case_id"],
                person.id,
                "item_undone",
                version_id,
                {"sentence_id": sentence_id},
            )

    def _add(
        self, session: Session, person: Person, version: RowMapping, decision: dict[str, Any]
    ) -> None:
        try:
            with session.begin_nested():
                repository.run(
                    session,
                    "add_decision",
                    case_id=version["case_id"],
                    version_id=version["id"],
                    decided_by=person.id,
                    **decision | {"revision": decision["revision"] + 1},
                )
        except IntegrityError as error:
            sentence_id = decision["sentence_id"]
            theirs = decisions(session, version["id"]).get(sentence_id)
            raise ReviewConflict(sentence_id=sentence_id, theirs=theirs, yours=decision) from error


def decisions(session: Session, version_id: str) -> dict[str, dict[str, Any]]:
    """The current decision of each sentence; ``decision`` is None where the last was undone."""
    found = {}
    for row in repository.rows(session, "decisions", version_id=version_id):
        entry = dict(row)
        if entry["decision"] == "undone":
            entry["decision"] = None
        found[entry.pop("sentence_id")] = entry
    return found


def _open_version(session: Session, person: Person, version_id: str) -> RowMapping:
    if person.role not in CASE_ROLES:
        raise Forbidden
    version = repository.seen(session, "get_version", id=version_id)
    repository.seen_case(session, version["case_id"], lock=True)
    if repository.first(session, "get_approval", version_id=version_id):
        raise VersionApproved
    return version


def _draft(version: RowMapping) -> Draft:
    return Draft.model_validate(version["content"], strict=False)


def _check(decision: Decision, known: dict[str, Sentence], current: dict[str, Any] | None) -> None:
    sentence = known.get(decision.sentence_id)
    if sentence is None:
        raise SentenceUnknown(sentence_id=decision.sentence_id)
    if decision.decision == "accepted" and sentence.flags:
        raise FlaggedAccepted(sentence_id=decision.sentence_id)
    words = bool((decision.text or "").strip())
    reason = bool((decision.reason or "").strip())
    if (decision.decision == "edited" and not (words and reason)) or (
        decision.decision == "struck" and not reason
    ):
        raise DecisionIncomplete
    if (current["revision"] if current else 0) != decision.revision:
        raise ReviewConflict(
            sentence_id=decision.sentence_id, theirs=current, yours=decision.model_dump()
        )
