"""A person's word on each sentence: accept, edit, strike, undo; nobody overwrites anybody."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.canonical import canonical, content_hash
from cases.errors import (
    DecisionIncomplete,
    EditUnchanged,
    FlaggedAccepted,
    ReviewConflict,
    SentenceUnknown,
    VersionApproved,
)
from cases.people import CASE_ROLES, Person
from cases.rows import Row
from knowledge_base.library import Library
from planner.grounding import Ground
from planner.schemas import Draft, Flag, Ink, Sentence
from runtime.database import Database
from runtime.errors import Forbidden

NUMBER = "grounding.number"


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

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    def read(self, person: Person, version_id: str) -> dict[str, Any]:
        """A version with its decisions and approval; raises `CaseUnseen`. The reading is audited.

        ``intact`` is False when stored content no longer has the hash beside it.
        """
        with self._database.session(person.actor) as session:
            version = repository.seen(session, "get_version", id=version_id)
            approval = repository.first(session, "get_approval", version_id=version_id)
            audit.record_once(session, version["case_id"], person.id, "plan_read", version_id)
            return version | {
                "decisions": decisions(session, version_id),
                "approval": approval,
                "intact": _intact(version, approval),
            }

    def decide(self, person: Person, version_id: str, wanted: list[Decision]) -> None:
        """Take decisions, all or none. Raises one of `cases.errors`."""
        with self._database.session(person.actor) as session:
            version = _open_version(session, person, version_id)
            draft = _draft(version)
            known = {s.id: s for s in draft.sentences()}
            current = decisions(session, version_id)
            for decision in wanted:
                _check(decision, known, current.get(decision.sentence_id))
            ground = self._ground(session, version, draft)
            for decision in wanted:
                flags = edit_flags(ground, known[decision.sentence_id], decision)
                self._add(session, person, version, decision.model_dump(), flags)
            repository.run(session, "set_status", id=version["case_id"], status="reviewing")
            detail = {
                "decisions": [d.model_dump(include={"sentence_id", "decision"}) for d in wanted]
            }
            audit.record(
                session, version["case_id"], person.id, "items_decided", version_id, detail
            )

    def undo(
        self, person: Person, version_id: str, sentence_id: str, revision: int | None = None
    ) -> None:
        """Take the last decision on a sentence back; what was decided stays in the record.

        With ``revision``, only if that is still the last one; raises `ReviewConflict` otherwise.
        """
        with self._database.session(person.actor) as session:
            version = _open_version(session, person, version_id)
            current = decisions(session, version_id).get(sentence_id)
            if current is None or current["decision"] is None:
                raise SentenceUnknown(sentence_id=sentence_id)
            if revision not in (None, current["revision"]):
                raise ReviewConflict(sentence_id=sentence_id, theirs=current, yours=None)
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

    def _ground(self, session: Session, version: Row, draft: Draft) -> Ground:
        told = repository.seen(session, "newest_narrative", case_id=version["case_id"])
        return Ground(self._library, told["text"], draft)

    def _add(
        self,
        session: Session,
        person: Person,
        version: Row,
        decision: dict[str, Any],
        flags: list[Flag] | None = None,
    ) -> None:
        try:
            with session.begin_nested():
                repository.run(
                    session,
                    "add_decision",
                    case_id=version["case_id"],
                    version_id=version["id"],
                    decided_by=person.id,
                    flags=canonical([f.model_dump() for f in flags or []]).decode(),
                    **decision | {"revision": decision["revision"] + 1},
                )
        except IntegrityError as error:
            sentence_id = decision["sentence_id"]
            theirs = decisions(session, version["id"]).get(sentence_id)
            raise ReviewConflict(sentence_id=sentence_id, theirs=theirs, yours=decision) from error


def decisions(session: Session, version_id: str) -> dict[str, dict[str, Any]]:
    """The current decision of each sentence; ``decision`` is None where the last was undone."""
    found = {}
    for entry in repository.rows(session, "decisions", version_id=version_id):
        if entry["decision"] == "undone":
            entry["decision"] = None
        found[entry.pop("sentence_id")] = entry
    return found


def edit_flags(ground: Ground, original: Sentence, decision: Decision) -> list[Flag]:
    """What a person's new words say beyond the original's ground, for everybody to see.

    The words carry the person's name and reason, so this marks them and does not refuse them.
    Numbers that stand anywhere in the story or stood in the sentence before are no fault.
    """
    if decision.decision != "edited" or decision.text is None:
        return []
    written = original.model_copy(
        update={"text": decision.text, "ink": Ink.INFERRED, "origin": "", "flags": ()}
    )
    return [
        f
        for f in ground.faults(written)
        if not (f.code == NUMBER and (f.detail in ground.narrative or f.detail in original.text))
    ]


def _intact(version: dict[str, Any], approval: Row | None) -> bool:
    whole: bool = content_hash(version["content"]) == version["content_hash"]
    if approval is None:
        return whole
    sealed = content_hash(approval["approved_content"]) == approval["approved_hash"]
    same = approval["approved_content"].get("content") == version["content"]
    return bool(whole and sealed and same and approval["content_hash"] == version["content_hash"])


def _open_version(session: Session, person: Person, version_id: str) -> Row:
    if person.role not in CASE_ROLES:
        raise Forbidden
    version = repository.seen(session, "get_version", id=version_id)
    repository.seen_case(session, version["case_id"], lock=True)
    if repository.first(session, "get_approval", version_id=version_id):
        raise VersionApproved
    return version


def _draft(version: Row) -> Draft:
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
    if decision.decision == "edited" and _unchanged(decision, sentence, current):
        raise EditUnchanged(sentence_id=decision.sentence_id)


def _unchanged(decision: Decision, sentence: Sentence, current: dict[str, Any] | None) -> bool:
    """Whether an edit says again what was drafted, or what was decided last for the same reason."""
    words = (decision.text or "").strip()
    if words == sentence.text.strip():
        return True
    stands = current or {}
    same = words == (stands.get("text") or "").strip() and stands.get("decision") == "edited"
    return same and decision.reason == stands.get("reason")
