"""Whether a case's record is what it was: its chain, story, versions, approvals, sealed rows.

The chain names every story, every version drafted and every plan approved, and it commits to every
column of every sealed row (`cases.seals`), so content that was changed together with the hash
beside it is found as well. No plain hash of what people said stands in the chain: whoever erases
somebody could be undone by trying names against it. Events of earlier versions carry one; it is
compared, too, until an erasure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from cases import audit, repository, seals
from cases.canonical import content_hash
from cases.people import CASE_ROLES, Person
from cases.rows import Row
from runtime.actor import Actor
from runtime.database import Database
from runtime.errors import Forbidden

TRAIL_ROLES = CASE_ROLES | {"auditor"}
Kind = Literal[
    "event", "head", "narrative", "version", "approval", "row", "seal", "document", "checkpoint"
]
PROVER = "cmis-audit"
Remembered = dict[str, str | None]
KIND_OF_ROW: dict[str, Kind] = {
    "narratives": "narrative",
    "plan_versions": "version",
    "approvals": "approval",
}


class Damage(BaseModel):
    """Something that is not as it was written.

    ``subject``: a number of an event or checkpoint, a row's id, or ``relation:key``.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    subject: str


class Bytes(Protocol):
    """What knows whether documents' bytes are what was kept."""

    def damaged(self, session: Session, case_id: str) -> Iterator[str]:
        """Ids of the versions whose bytes are not what was kept."""
        ...


class Integrity:
    """Reads and verifies the trail of cases."""

    def __init__(self, database: Database, documents: Bytes) -> None:
        self._database = database
        self._documents = documents

    def trail(self, person: Person, case_id: str) -> dict[str, Any]:
        """``{events, damage}`` of an own case; raises `CaseUnseen` or `Forbidden`. Audited.

        Of an event that a program wrote by itself, nobody's name and agency are told.
        """
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id)
            if case["agency_id"] != person.agency_id or person.role not in TRAIL_ROLES:
                raise Forbidden
            agency = case["agency_id"]
            audit.record(session, case_id, person.id, "trail_read", case_id)
            events = repository.rows(session, "named_events", case_id=case_id)
        # Whoever sees only parts of a case would take the others for lost.
        with self._database.session(Actor(PROVER, agency, "auditor")) as session:
            found = verify_events(session, case_id, events, self._documents)
            return {"events": events, "damage": found}


def verify_case(session: Session, case_id: str, documents: Bytes | None = None) -> list[Damage]:
    """Everything damaged in a case's record; empty when all of it holds.

    Without ``documents`` their bytes are not read.
    """
    events = repository.rows(session, "list_events", case_id=case_id)
    return verify_events(session, case_id, events, documents)


def verify_events(
    session: Session, case_id: str, events: list[Row], documents: Bytes | None = None
) -> list[Damage]:
    """As `verify_case`, for whoever has read the case's events already."""
    rows = seals.sealed_rows(session, case_id)
    erased = seals.buried(session, case_id)
    found = [
        *_chain(session, case_id, events),
        *_contents(session, case_id, events, erased),
        *_seals(events, rows, erased),
        *(_bytes(session, case_id, documents, erased) if documents else ()),
    ]
    return list(dict.fromkeys(found))


def _chain(session: Session, case_id: str, events: list[Row]) -> Iterator[Damage]:
    broken = audit.first_break(events)
    if broken:
        yield Damage(kind="event", subject=str(broken.seq))
    head = repository.first(session, "last_event", case_id=case_id)
    last = events[-1] if events else None
    if last is None or head is None or (head["seq"], head["hash"]) != (last["seq"], last["hash"]):
        yield Damage(kind="head", subject=str(head["seq"] if head else 0))


def _contents(
    session: Session, case_id: str, events: list[Row], erased: set[str]
) -> Iterator[Damage]:
    narratives = repository.rows(session, "all_narratives", case_id=case_id)
    versions = repository.rows(session, "all_versions", case_id=case_id)
    told = remembered(events, "case_opened", "sha256")
    told |= remembered(events, "story_added", "sha256")
    drafted = remembered(events, "version_drafted", "content_hash")
    approved = remembered(events, "version_approved", "approved_hash")
    signed = [v for v in versions if v["approved"]]
    found = (
        *_damage("narrative", told, narratives, lambda n: faithful(n, told)),
        *_damage("version", drafted, versions, lambda v: whole(v, drafted)),
        *_damage("approval", approved, signed, lambda v: sealed(v, approved)),
    )
    relation_of = {kind: relation for relation, kind in KIND_OF_ROW.items()}
    yield from (d for d in found if f"{relation_of[d.kind]}:{d.subject}" not in erased)


def _seals(events: list[Row], rows: list[Row], erased: set[str]) -> Iterator[Damage]:
    legacy = bool(events) and seals.SEALED not in events[0]["detail"]
    anew = seals.rewritten(events)
    for row in seals.broken_rows(rows, erased, legacy, anew):
        kind = KIND_OF_ROW.get(row["relation"])
        yield Damage(kind=kind or "row", subject=row["row_key"] if kind else seals.name(row))
    for seq in seals.broken_roots(rows, events):
        yield Damage(kind="seal", subject=str(seq))


def _bytes(session: Session, case_id: str, documents: Bytes, erased: set[str]) -> Iterator[Damage]:
    for version_id in documents.damaged(session, case_id):
        if f"document_versions:{version_id}" not in erased:
            yield Damage(kind="document", subject=version_id)


def _damage(
    kind: Kind,
    remembered_ids: Iterable[str],
    rows: Iterable[Mapping[str, Any]],
    holds: Callable[[Mapping[str, Any]], bool],
) -> list[Damage]:
    """Rows that do not hold, and rows the chain remembers that are gone."""
    found = {row["id"]: holds(row) for row in rows}
    ids = found.keys() | set(remembered_ids)
    return [Damage(kind=kind, subject=i) for i in sorted(ids) if not found.get(i)]


def faithful(narrative: Mapping[str, Any], told: Remembered) -> bool:
    """Whether a story has the hash beside it and is one that was told."""
    digest = hashlib.sha256(narrative["text"].encode()).hexdigest()
    return digest == narrative["sha256"] and _known(narrative["id"], digest, told)


def whole(version: Mapping[str, Any], drafted: Remembered) -> bool:
    """Whether a version's content has the hash beside it and is one that was drafted."""
    digest = content_hash(version["content"])
    return digest == version["content_hash"] and _known(version["id"], digest, drafted)


def sealed(version: Mapping[str, Any], approved: Remembered) -> bool:
    """Whether an approved version still is what was approved."""
    digest = content_hash(version["approved_content"])
    return bool(
        digest == version["approved_hash"]
        and _known(version["id"], digest, approved)
        and version["approved_version_hash"] == version["content_hash"]
        and version["approved_content"]["content"] == version["content"]
    )


def remembered(events: Iterable[Mapping[str, Any]], action: str, key: str) -> Remembered:
    """By id, what events of one kind are about, with the hash that early ones carry.

    An erasure by law wrote some anew; their old hash no longer counts.
    """
    hashes: Remembered = {}
    for e in events:
        if e["action"] == action:
            hashes[e["subject"]] = e["detail"].get(key)
        elif e["action"] == seals.ERASED:
            anew = e["detail"].get("rehashed", {}).get(key, {})
            hashes |= {i: h for i, h in anew.items() if i in hashes}
    return hashes


def _known(row_id: str, digest: str, remembered_hashes: Remembered) -> bool:
    return row_id in remembered_hashes and remembered_hashes[row_id] in (None, digest)
