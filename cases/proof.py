"""Verification of all records, and the proof of one that holds without this software.

Every agency's cases are read in the auditor's view, one transaction a case; the proving itself is
an event of the case.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from cases import audit, checkpoints, repository, seals
from cases.canonical import canonical, content_hash
from cases.documents import Documents
from cases.errors import CaseUnseen
from cases.integrity import PROVER, Damage, Kind, verify_events
from cases.proof_check import FORMAT
from cases.rows import Row
from cases.seals import PROOF
from runtime.actor import Actor
from runtime.clock import now
from runtime.database import Database

Step = Callable[[int, int], None]


class CaseDamage(BaseModel):
    """Damage and the case it is in; no case for a checkpoint."""

    model_config = ConfigDict(frozen=True)

    case_id: str | None
    case_number: str | None
    kind: Kind
    subject: str


class Proofs:
    """Verifies and proves the records of one database."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents

    def verify(self, step: Step | None = None) -> dict[str, Any]:
        """``{ok, cases, events, damage, checkpoint}`` over all agencies.

        ``step`` is told how many cases were read, and of how many.
        """
        cases, events, found = 0, 0, list(self._checkpoints())
        fixed = checkpoints.fixed_heads(self._database)
        held = list(self._cases())
        for agency, case in held:
            if step:
                step(cases, len(held))
            damage, count = self._verified(agency, case, fixed.pop(case["id"], {}))
            cases, events = cases + 1, events + count
            found += [_of(case, d) for d in damage]
        found += [_of({"id": case_id}, Damage(kind="head", subject="0")) for case_id in fixed]
        return {
            "ok": not found,
            "cases": cases,
            "events": events,
            "damage": [d.model_dump() for d in found],
            "checkpoint": checkpoints.last(self._database),
        }

    def prove(self, called: str, *, documents: bool = True) -> tuple[dict[str, Any], list[Damage]]:
        """The proof file of a case, by id or number, and what of it is damaged.

        With ``documents`` their bytes are in it, otherwise their hashes only. The proving is an
        event of the case, inside the file already. Raises `CaseUnseen`.
        """
        agency, case = self._found(called)
        with self._database.session(Actor(PROVER, agency, "auditor")) as session:
            audit.record(session, case["id"], PROVER, "proof_made", case["id"])
        checkpoints.take(self._database)
        with self._database.session(Actor(PROVER, agency, "auditor")) as session:
            events = repository.rows(session, "list_events", case_id=case["id"])
            damage = verify_events(session, case["id"], events, self._documents)
            proof = _file(session, case, events)
            proof["documents"] = list(self._embedded(session, case["id"], documents))
        return proof | {"checkpoint": self._evidence(case["id"])}, damage

    def _found(self, called: str) -> tuple[str, Row]:
        for agency in self._agencies():
            with self._database.session(Actor(PROVER, agency, "auditor")) as session:
                case = PROOF.first(session, "case_called", agency_id=agency, called=called)
            if case:
                return agency, case
        raise CaseUnseen

    def _cases(self) -> Iterator[tuple[str, Row]]:
        for agency in self._agencies():
            with self._database.session(Actor(PROVER, agency, "auditor")) as session:
                cases = PROOF.rows(session, "cases_of_agency", agency_id=agency)
            yield from ((agency, case) for case in cases)

    def _agencies(self) -> list[str]:
        with self._database.session() as session:
            return [row["id"] for row in repository.rows(session, "agencies")]

    def _verified(
        self, agency: str, case: Row, fixed: Mapping[int, str]
    ) -> tuple[list[Damage], int]:
        with self._database.session(Actor(PROVER, agency, "auditor")) as session:
            events = repository.rows(session, "list_events", case_id=case["id"])
            hashes = {e["seq"]: e["hash"] for e in events}
            lost = [seq for seq, head in fixed.items() if hashes.get(seq) != head]
            found = verify_events(session, case["id"], events, self._documents)
        return found + [Damage(kind="head", subject=str(seq)) for seq in lost], len(hashes)

    def _embedded(self, session: Session, case_id: str, whole: bool) -> Iterator[dict[str, Any]]:
        for version, content in self._documents.bytes_of(session, case_id):
            data = base64.b64encode(content).decode() if whole and content is not None else None
            yield {
                "row": f"document_versions:{version['id']}",
                "sha256": version["sha256"],
                "bytes": data,
            }

    def _checkpoints(self) -> Iterator[CaseDamage]:
        for number in checkpoints.broken(self._database):
            yield _of({}, Damage(kind="checkpoint", subject=str(number)))

    def _evidence(self, case_id: str) -> dict[str, Any] | None:
        found = checkpoints.evidence(self._database, case_id)
        if found is None:
            return None
        chain = [
            {"text": canonical(checkpoints.hashed_part(c)).decode(), "hash": c["hash"]}
            for c in found["chain"]
        ]
        return found | {"chain": chain}


def _of(case: Mapping[str, Any], damage: Damage) -> CaseDamage:
    return CaseDamage(case_id=case.get("id"), case_number=case.get("number"), **damage.model_dump())


def _file(session: Session, case: Row, events: list[Row]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "case": {"id": case["id"], "number": case["number"]},
        "made_at": now().isoformat(),
        "events": [
            {"text": canonical(audit.hashed_part(e)).decode(), "hash": e["hash"]} for e in events
        ],
        "rows": [_row(row) for row in seals.sealed_rows(session, case["id"])],
        "contents": list(_contents(session, case["id"])),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "relation": row["relation"],
        "key": row["row_key"],
        "seq": row["seq"],
        "salt": bytes(row["salt"]).hex() if row["salt"] is not None else None,
        "sha256": row["sha256"],
        "text": row["content"],
    }


def _contents(session: Session, case_id: str) -> Iterator[dict[str, str]]:
    for version in repository.rows(session, "all_versions", case_id=case_id):
        parts = [("plan_versions", "content")]
        parts += [("approvals", "approved_content")] if version["approved"] else []
        for relation, field in parts:
            yield {
                "row": f"{relation}:{version['id']}",
                "field": field,
                "text": canonical(version[field]).decode(),
                "sha256": content_hash(version[field]),
            }
