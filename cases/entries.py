"""What is recorded at each step of a case, and where the case stands by it.

An entry is never changed: who was wrong records again, and both stay. Registration is such an
act of its own; so are reopening a closed case and the client's choice about a complaint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from sqlalchemy.orm import Session

from cases import audit, deadlines, repository
from cases.canonical import content_hash
from cases.casebook import casebook
from cases.casework_errors import StepClosed
from cases.errors import CaseUnseen
from cases.forms import alternatives, checked, form, needs
from cases.people import CASE_ROLES, RECEIVING_ROLES, Person
from cases.rows import Rows
from cases.steps import Facts, conditions, current, steps, unmet
from runtime.clock import now
from runtime.database import Database
from runtime.errors import Forbidden

SQL = Rows("entries")
JUDGEMENTS = ("assessment", "reassessment")


class Entries:
    """Entries and steps of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, person: Person, case_id: str, kind: str, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Keep an entry and what it starts. Raises `EntryUnfit`, `StepClosed`, `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            return keep(session, person, case_id, kind, content)

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """Everything recorded, the oldest first; raises `CaseUnseen`. The reading is audited."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            audit.record(session, case_id, person.id, "entries_read", case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def standing(self, person: Person, case_id: str) -> dict[str, Any]:
        """``{current, steps, offers}`` with the reasons; raises `CaseUnseen`.

        ``offers``: the kinds of entries this person may record, and what some still wait for.
        """
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id)
            facts = facts_of(session, case_id)
            nine = steps(facts)
            known = conditions(facts)
            offered = [_offer(kind, known) for kind in _kinds(session, person, case)]
            return {"current": current(nine).id, "steps": nine, "offers": offered}

    def changes(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """What each reassessment found otherwise than the judgement before it, field by field."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            found = SQL.rows(session, "of_case", case_id=case_id)
        judged = [e for e in found if e["kind"] in JUDGEMENTS]
        return [compared(a, b) for a, b in pairwise(judged)]


def keep(
    session: Session, person: Person, case_id: str, kind: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep an entry and what it starts, in a transaction of the person's; see `Entries.record`."""
    rule = form(kind)
    if person.role not in RECEIVING_ROLES:
        raise Forbidden
    given = checked(kind, content)
    case = repository.seen_case(session, case_id)
    if rule["by"] == "own" and not _own(person, case):
        raise Forbidden
    given |= {name: case[column] for name, column in rule.get("beside", {}).items()}
    repository.writable(session, case_id, "steps")
    require(session, case_id, kind, given)
    entry_id = repository.new_id()
    SQL.run(
        session,
        "add_entry",
        id=entry_id,
        case_id=case_id,
        kind=kind,
        content=orjson.dumps(given).decode(),
        content_hash=content_hash(given),
        agency_id=person.agency_id,
        who=person.id,
        name=person.name,
    )
    entries = SQL.rows(session, "of_case", case_id=case_id)
    entry = {"id": entry_id, "content": given}
    deadlines.after_entry(session, person, case, entry, rule, last_risk(entries))
    if kind == "reopening":
        repository.run(session, "set_status", id=case_id, status="reviewing")
    audit.record(session, case_id, person.id, f"{kind}_recorded", entry_id, {"kind": kind})
    return next(e for e in entries if e["id"] == entry_id)


def require(session: Session, case_id: str, kind: str, content: Mapping[str, Any]) -> None:
    """The conditions of an entry hold now; raises `StepClosed` naming those that do not."""
    left = unmet(needs(kind, content), conditions(facts_of(session, case_id)))
    if left:
        raise StepClosed(kind=kind, conditions=list(left), **_told(left))


def _told(left: Sequence[str]) -> dict[str, str]:
    """What is still missing, in words."""
    book = casebook("steps")["conditions"]
    return {
        f"missing_{lang}": ", ".join(book[c][f"open_{lang}"] for c in left) for lang in ("th", "en")
    }


def _own(person: Person, case: Mapping[str, Any]) -> bool:
    return case["agency_id"] == person.agency_id and person.role in CASE_ROLES


def _kinds(session: Session, person: Person, case: Mapping[str, Any]) -> list[str]:
    """The kinds of entries a person may record in a case, whether or not their time has come."""
    writable = repository.scalar(session, "may_write", case_id=case["id"], part="steps")
    if person.role not in RECEIVING_ROLES or not writable:
        return []
    own = _own(person, case)
    forms = {k: r for k, r in casebook("entries")["forms"].items() if not r.get("apart")}
    return [k for k, rule in forms.items() if own or rule["by"] != "own"]


def _offer(kind: str, known: Mapping[str, bool]) -> dict[str, Any]:
    """Whether an entry of a kind, of whatever content, can be recorded now."""
    ways = [unmet(needed, known) for needed in alternatives(kind)]
    left = ways[0] if all(ways) else ()
    return {"kind": kind, "missing": left, **_told(left)}


def facts_of(session: Session, case_id: str) -> Facts:
    """What the steps are computed from; raises `CaseUnseen` where the steps are not shown."""
    known = SQL.scalar(session, "standing", case_id=case_id)
    if known is None:
        raise CaseUnseen
    return Facts(
        story_told=known["story"],
        entries=SQL.rows(session, "of_case", case_id=case_id),
        letters=[{"status": s} for s in known["letters"]],
        services=[
            s | {"changed_at": datetime.fromisoformat(s["changed_at"])} for s in known["services"]
        ],
        plans=[datetime.fromisoformat(at) for at in known["plans"]],
        closures=[datetime.fromisoformat(at) for at in known["closures"]],
        watching=known["watching"],
        now=now(),
    )


def last_risk(entries: Sequence[Mapping[str, Any]]) -> str | None:
    """The risk level judged last, if any."""
    judged = [e["content"]["risk"] for e in entries if e["kind"] in JUDGEMENTS]
    return judged[-1] if judged else None


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that differ between two judgements, each with both sides."""
    a, b = before["content"], after["content"]
    return {
        "from_id": before["id"],
        "to_id": after["id"],
        "at": after["recorded_at"],
        "by_name": after["recorded_name"],
        "why_changed": b.get("why_changed", ""),
        "changed": {
            name: {"before": a.get(name), "after": b.get(name)}
            for name in a.keys() | b.keys()
            if name in a and a.get(name) != b.get(name)
        },
    }
