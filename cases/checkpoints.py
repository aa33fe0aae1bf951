"""Checkpoints: now and then one hash over the heads of all cases that moved since the last.

A case's chain shows what was changed within it; a checkpoint shows a case, or the end of its
chain, that was taken away whole. Each is chained to the one before it, so writing down the newest
hash somewhere else (a letter, another office) fixes everything before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from cases.canonical import content_hash
from cases.proof_check import leaf_hash, merkle_path, merkle_root
from cases.rows import Row
from cases.seals import PROOF
from runtime.clock import now
from runtime.database import Database
from runtime.jobs import JobContext

TASK = "audit_checkpoint"
EVERY = "*/15 * * * *"
START = "0" * 64


def take(database: Database) -> Row | None:
    """A new checkpoint over what moved; None when nothing did."""
    with Session(database.owner_engine) as owner, owner.begin():
        PROOF.run(owner, "hold_checkpoints")
        moved = PROOF.rows(owner, "moved_heads")
        if not moved:
            return None
        last = PROOF.first(owner, "last_checkpoint")
        made: Row = {
            "number": last["number"] + 1 if last else 1,
            "at": now(),
            "cases": len(moved),
            "root": merkle_root([_leaf(head) for head in moved]),
            "prev_hash": last["hash"] if last else START,
        }
        made["hash"] = checkpoint_hash(made)
        PROOF.run(owner, "add_checkpoint", **made)
        columns = {f"{k}s": [h[k] for h in moved] for k in ("case_id", "seq")}
        hashes = [h["hash"] for h in moved]
        PROOF.run(owner, "add_leaves", number=made["number"], hashes=hashes, **columns)
        return made


class CheckpointTask:
    """The periodic job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Take a checkpoint; done twice, the second finds nothing moved."""
        take(self._database)


def checkpoint_hash(checkpoint: Mapping[str, Any]) -> str:
    """sha256 over everything of a checkpoint but its own hash."""
    return content_hash(hashed_part(checkpoint))


def hashed_part(checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    """What a checkpoint's hash runs over."""
    at: datetime = checkpoint["at"]
    content = {k: checkpoint[k] for k in ("number", "cases", "root", "prev_hash")}
    return content | {"at": at.astimezone(UTC).isoformat()}


def broken(database: Database) -> list[int]:
    """Numbers of checkpoints that are not what they were, or do not follow the one before."""
    with Session(database.owner_engine) as owner, owner.begin():
        before, wrong = START, []
        held: dict[int, list[Row]] = {}
        for leaf in PROOF.rows(owner, "numbered_leaves"):
            held.setdefault(leaf["number"], []).append(leaf)
        for expected, checkpoint in enumerate(PROOF.rows(owner, "checkpoints"), 1):
            leaves = held.get(checkpoint["number"], [])
            if not (
                checkpoint["number"] == expected
                and checkpoint["prev_hash"] == before
                and checkpoint["cases"] == len(leaves)
                and checkpoint["root"] == merkle_root([_leaf(leaf) for leaf in leaves])
                and checkpoint["hash"] == checkpoint_hash(checkpoint)
            ):
                wrong.append(checkpoint["number"])
            before = checkpoint["hash"]
        return wrong


def fixed_heads(database: Database) -> dict[str, dict[int, str]]:
    """By case, the heads that checkpoints hold: number of the event and its hash."""
    found: dict[str, dict[int, str]] = {}
    with Session(database.owner_engine) as owner, owner.begin():
        for leaf in PROOF.rows(owner, "all_leaves"):
            found.setdefault(leaf["case_id"], {})[leaf["seq"]] = leaf["hash"]
    return found


def evidence(database: Database, case_id: str) -> dict[str, Any] | None:
    """The newest checkpoint over a case: its leaf, the way to the root, and all hashes since."""
    with Session(database.owner_engine) as owner, owner.begin():
        found = PROOF.first(owner, "newest_leaf_of_case", case_id=case_id)
        if found is None:
            return None
        leaves = PROOF.rows(owner, "leaves", number=found["number"])
        at = next(i for i, leaf in enumerate(leaves) if leaf["case_id"] == case_id)
        return {
            "leaf": leaves[at],
            "path": merkle_path([_leaf(leaf) for leaf in leaves], at),
            "chain": PROOF.rows(owner, "checkpoints_since", number=found["number"]),
        }


def _leaf(head: Mapping[str, Any]) -> str:
    return leaf_hash(head["case_id"], head["seq"], head["hash"])


def last(database: Database) -> Row | None:
    """The newest checkpoint."""
    with Session(database.owner_engine) as owner, owner.begin():
        return PROOF.first(owner, "last_checkpoint")
