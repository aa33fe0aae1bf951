"""Approval: of exactly this version, with every item decided, by somebody who may."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, deadlines, repository
from cases.canonical import content_hash
from cases.errors import (
    ApprovalForbidden,
    ApprovalIncomplete,
    ApprovalOfOther,
    TwoPeopleNeeded,
    VersionApproved,
    VersionOutdated,
)
from cases.extracts import keep_plan_edit
from cases.people import APPROVING_ROLES, Person
from cases.review import decisions
from cases.rows import Row
from planner.schemas import Draft, Ink
from runtime.database import Database


class Approval:
    """Approves versions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def approve(
        self, person: Person, version_id: str, wanted_hash: str, comment: str | None
    ) -> None:
        """Bind an approval to the version's hash and decisions; raises one of `cases.errors`."""
        if person.role not in APPROVING_ROLES:
            raise ApprovalForbidden
        with self._database.session(person.actor) as session:
            version = repository.seen(session, "get_version", id=version_id)
            repository.seen_case(session, version["case_id"], lock=True)
            content = self._approvable(session, version, wanted_hash)
            self._store(session, person, version, content, comment)
            draft = Draft.model_validate(version["content"])
            keep_plan_edit(session, version, draft, content["decisions"])
            repository.run(session, "set_status", id=version["case_id"], status="approved")
            deadlines.of_plan(session, person, version["case_id"], version_id, version["content"])
            audit.record(
                session,
                version["case_id"],
                person.id,
                "version_approved",
                version_id,
                {"number": version["number"]},
            )

    def _approvable(self, session: Session, version: Row, wanted_hash: str) -> dict[str, Any]:
        if repository.first(session, "get_approval", version_id=version["id"]):
            raise VersionApproved
        stored = content_hash(version["content"])
        if wanted_hash != version["content_hash"] or stored != version["content_hash"]:
            raise ApprovalOfOther
        versions = repository.rows(session, "list_versions", case_id=version["case_id"])
        if versions[-1]["id"] != version["id"]:
            raise VersionOutdated
        decided = decisions(session, version["id"])
        left = undecided(Draft.model_validate(version["content"]), decided)
        if left:
            raise ApprovalIncomplete(count=len(left))
        return {"content": version["content"], "decisions": _words(decided)}

    def _store(
        self,
        session: Session,
        person: Person,
        version: Row,
        content: dict[str, Any],
        comment: str | None,
    ) -> None:
        try:
            with session.begin_nested():
                repository.run(
                    session,
                    "add_approval",
                    version_id=version["id"],
                    case_id=version["case_id"],
                    content_hash=version["content_hash"],
                    approved_content=orjson.dumps(content).decode(),
                    approved_hash=content_hash(content),
                    approved_by=person.id,
                    comment=comment,
                )
        except IntegrityError as error:
            raise _refused(error) from error


def _refused(error: IntegrityError) -> Exception:
    """The rule of the database that refused, as a sentence."""
    rule = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return {
        "approval_by_another": TwoPeopleNeeded,
        "approval_of_version": ApprovalOfOther,
        "approvals_pkey": VersionApproved,
    }.get(str(rule), ApprovalOfOther)()


def undecided(draft: Draft, decided: dict[str, dict[str, Any]]) -> list[str]:
    """Claims without a decision, and flagged ones merely accepted."""
    left = []
    for sentence in draft.sentences():
        if sentence.ink is Ink.FRAME:
            continue
        decision = (decided.get(sentence.id) or {}).get("decision")
        if decision is None or (sentence.flags and decision == "accepted"):
            left.append(sentence.id)
    return left


def _words(decided: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        sentence_id: {
            k: d[k] for k in ("decision", "text", "reason", "revision", "by_name", "flags")
        }
        for sentence_id, d in sorted(decided.items())
    }
