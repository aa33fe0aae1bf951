"""Whether a case's record is what it was: its chain, story, versions and approvals.

The chain remembers the hash of every story, of every version drafted and of every plan approved,
so content that was changed together with the hash beside it is found as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.canonical import content_hash
from cases.people import Person
from runtime.database import Database

Kind = Literal["event", "narrative", "version", "approval"]


class Damage(BaseModel):
    """Something that is not as it was written. ``subject``: an event's number or a row's id."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    subject: str


class Integrity:
    """Reads and verifies the trail of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def trail(self, person: Person, case_id: str) -> dict[str, Any]:
        """``{events, damage}`` of a case; raises `CaseUnseen`. The reading is audited."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            audit.record(session, case_id, person.id, "trail_read", case_id)
            return {
                "events": repository.rows(session, "list_events", case_id=case_id),
                "damage": verify_case(session, case_id),
            }


def verify_case(session: Session, case_id: str) -> list[Damage]:
    """Everything damaged in a case's record; empty when all of it holds."""
    events = repository.rows(session, "list_events", case_id=case_id)
    narratives = repository.rows(session, "all_narratives", case_id=case_id)
    versions = repository.rows(session, "all_versions", case_id=case_id)
    told = remembered(events, "case_opened", "sha256")
    drafted = remembered(events, "version_drafted", "content_hash")
    approved = remembered(events, "version_approved", "approved_hash")
    signed = [v for v in versions if v["approved"]]
    broken = audit.first_break(events)
    return [
        *([Damage(kind="event", subject=str(broken.seq))] if broken else []),
        *_damage("narrative", told, narratives, lambda n: faithful(n, told)),
        *_damage("version", drafted, versions, lambda v: whole(v, drafted)),
        *_damage("approval", approved, signed, lambda v: sealed(v, approved)),
    ]


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


def faithful(narrative: Mapping[str, Any], told: Mapping[str, str]) -> bool:
    """Whether a story is the one that was told."""
    digest = hashlib.sha256(narrative["text"].encode()).hexdigest()
    return bool(digest == narrative["sha256"] == told.get(narrative["id"]))


def whole(version: Mapping[str, Any], drafted: Mapping[str, str]) -> bool:
    """Whether a version's content has the hash beside it and the one the chain remembers."""
    digest = content_hash(version["content"])
    return bool(digest == version["content_hash"] == drafted.get(version["id"]))


def sealed(version: Mapping[str, Any], approved: Mapping[str, str]) -> bool:
    """Whether an approved version still is what was approved."""
    digest = content_hash(version["approved_content"])
    return bool(
        digest == version["approved_hash"] == approved.get(version["id"])
        and version["approved_version_hash"] == version["content_hash"]
        and version["approved_content"]["content"] == version["content"]
    )


def remembered(events: Iterable[Mapping[str, Any]], action: str, key: str) -> dict[str, str]:
    """By version, the hash that events of one kind carry."""
    return {e["subject"]: str(e["detail"].get(key)) for e in events if e["action"] == action}
