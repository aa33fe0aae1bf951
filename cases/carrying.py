"""A new draft keeps what people wrote: their edits and strikes move to the same items of the next.

The machine's words stay as they are in the new version; a person's decision stands beside them, in
the name of whoever asked for the new draft, with the version it came from. What finds no place is
told by the comparison of the two versions.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import repository
from cases.canonical import canonical
from cases.review import Decision, decisions, edit_flags
from cases.rows import Row
from cases.run_parts import ROWS
from knowledge_base.library import Library
from planner.grounding import Ground
from planner.revisions import places
from planner.schemas import Draft
from runtime.messages import sentence

KEPT = ("edited", "struck")


def carried_version(session: Session, run_id: str) -> Row | None:
    """The version whose decisions a run is to keep, if it was asked to."""
    return ROWS.first(session, "carried_version", run_id=run_id)


def carry(
    session: Session,
    library: Library,
    old: Row,
    version_id: str,
    new: Draft,
    *,
    who: str,
    story: str,
) -> int:
    """Write the decisions of an old version on a new one; how many found a place."""
    taken = {sid: d for sid, d in decisions(session, old["id"]).items() if d["decision"] in KEPT}
    before = Draft.model_validate(old["content"], strict=False)
    known = {s.id: s for s in new.sentences()}
    ground = Ground(library, story, new)
    moved = 0
    for old_id, place in places(before, taken, new).items():
        if place is not None:
            decision = _again(taken[old_id], place, old["number"])
            flags = edit_flags(ground, known[place], decision)
            _add(session, old["case_id"], version_id, decision, who, flags)
            moved += 1
    return moved


def _again(decision: dict[str, Any], place: str, number: int) -> Decision:
    reason = sentence("carry.reason", number=number, reason=decision["reason"] or "")
    return Decision(
        sentence_id=place, decision=decision["decision"], text=decision["text"], reason=reason
    )


def _add(
    session: Session, case_id: str, version_id: str, decision: Decision, who: str, flags: list[Any]
) -> None:
    repository.run(
        session,
        "add_decision",
        case_id=case_id,
        version_id=version_id,
        decided_by=who,
        flags=canonical([f.model_dump() for f in flags]).decode(),
        **decision.model_dump() | {"revision": 1},
    )
