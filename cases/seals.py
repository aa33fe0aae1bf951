"""Seals: a salted hash of every row written about a case, committed to by the case's chain.

The database seals a row as it is written. Here the seals that wait are taken into the next event,
and later compared with the rows. A row erased by law keeps its seal, loses its salt and has a
tombstone, so that its absence is known and what it said is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from cases import repository
from cases.rows import Row, Rows

SEALED = "sealed"
ERASED = "person_erased"
PROOF = Rows("proof")


def taken(session: Session, case_id: str, seq: int) -> dict[str, str]:
    """``{"sealed": hash}`` over the rows written since the last event; empty when none was."""
    found = PROOF.rows(session, "take_seals", case_id=case_id, seq=seq)
    return {SEALED: root(found)} if found else {}


def root(seals: Iterable[Mapping[str, Any]]) -> str:
    """sha256 over the lines ``relation:key sha256`` of some seals, sorted."""
    lines = sorted(f"{s['relation']}:{s['row_key']} {s['sha256']}" for s in seals)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def name(row: Mapping[str, Any]) -> str:
    """A row's name in events, findings and proofs."""
    return f"{row['relation']}:{row['row_key']}"


def sealed_rows(session: Session, case_id: str) -> list[Row]:
    """Every seal beside its row's text now: ``relation, row_key, seq, salt, sha256, content``."""
    return PROOF.rows(session, "sealed_rows", case_id=case_id)


def buried(session: Session, case_id: str) -> set[str]:
    """Names of the rows that were erased by law."""
    return {name(row) for row in PROOF.rows(session, "tombstones", case_id=case_id)}


def bury(owner: Session, case_id: str, relation: str, row_key: str, who: str, reason: str) -> None:
    """Set a tombstone and destroy the salt; the caller erases the row and adds the event.

    ``owner`` is a session of the database's owner: the application's role may not.
    """
    at = {"case_id": case_id, "relation": relation, "row_key": row_key}
    PROOF.run(owner, "add_tombstone", id=repository.new_id(), reason=reason, buried_by=who, **at)
    PROOF.run(owner, "bury", **at)


def holds(row: Mapping[str, Any]) -> bool:
    """Whether a row's text is the one that was sealed."""
    if row["content"] is None or row["salt"] is None or row["sha256"] is None:
        return False
    digest = hashlib.sha256(bytes(row["salt"]) + str(row["content"]).encode()).hexdigest()
    return bool(digest == row["sha256"])


def rewritten(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By row's name, the hash that an erasure by law gave it: salted anew, in the chain's word."""
    hashes: dict[str, str] = {}
    for event in events:
        if event["action"] == ERASED:
            hashes |= event["detail"].get("rehashed", {}).get("rows", {})
    return hashes


def broken_rows(
    rows: Iterable[Row], erased: set[str], legacy: bool, anew: Mapping[str, str] | None = None
) -> list[Row]:
    """Rows that are not what was sealed, that nobody sealed, or that wait for their event.

    ``legacy``: the case was begun before rows were sealed, so seals of event 0 count. ``anew``:
    the hashes of rows that an erasure by law wrote anew.
    """
    return [row for row in rows if not _sound(row, erased, legacy, anew or {})]


def _sound(row: Row, erased: set[str], legacy: bool, anew: Mapping[str, str]) -> bool:
    committed = row["seq"] is not None and (row["seq"] > 0 or legacy)
    gone = row["content"] is None and row["salt"] is None
    if name(row) in anew:
        return committed and holds(row | {"sha256": anew[name(row)]})
    return committed and (holds(row) or (gone and name(row) in erased))


def broken_roots(rows: Iterable[Row], events: Iterable[Mapping[str, Any]]) -> list[int]:
    """Numbers of the events whose ``sealed`` is not the hash over the seals of that number."""
    by_event: dict[int, list[Row]] = {}
    for row in rows:
        if row["seq"]:
            by_event.setdefault(row["seq"], []).append(row)
    said = {e["seq"]: e["detail"].get(SEALED) for e in events}
    numbers = by_event.keys() | {seq for seq, sealed in said.items() if sealed}
    return sorted(n for n in numbers if said.get(n) != root(by_event.get(n, ())))
