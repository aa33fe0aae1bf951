"""Limits of an approved plan live and end with it; a reopened case is no longer watched."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cases import deadlines
from cases.casebook import casebook
from cases.casework_errors import DeadlineReason
from cases.entries import SQL as ENTRIES
from cases.people import Person
from cases.repository import new_id
from planner.schemas import Draft
from runtime.clock import now
from tests.integration.record import Record

ENTRY: dict[str, Any] = {"content": {"risk": "high"}}


def kept(record: Record, case_id: str) -> dict[str, list[str]]:
    """How the deadlines of a case stand, by kind, each kind's in the order of the alphabet."""
    found: dict[str, list[str]] = {}
    rows = record.owner(
        "SELECT kind, status FROM deadlines WHERE case_id = :c ORDER BY status", c=case_id
    )
    for kind, status in rows:
        found.setdefault(kind, []).append(status)
    return found


def entered(record: Record, person: Person, case_id: str, kind: str, **told: Any) -> None:
    """What an entry of a kind does to the deadlines."""
    form = casebook("entries")["forms"][kind]
    case = {"id": case_id, "urgency": "24h"}
    with record.database.session(person.actor) as session:
        entry = ENTRY | {"id": new_id(), "content": ENTRY["content"] | told}
        ENTRIES.run(
            session,
            "add_entry",
            id=entry["id"],
            case_id=case_id,
            kind=kind,
            content="{}",
            content_hash="x",
            agency_id=person.agency_id,
            who=person.id,
            name=person.name,
        )
        deadlines.after_entry(session, person, case, entry, form, None)


@pytest.fixture
def approve(record: Record, owner: Person, version: dict[str, Any]) -> Any:
    """Keeps the version's limits, their starts known, as if one of that name were approved."""
    draft = Draft.model_validate(version["content"])
    dated = [d.model_copy(update={"due": now()}) for d in draft.deadlines]
    content = draft.model_copy(update={"deadlines": tuple(dated)}).model_dump(mode="json")

    def kept_of(name: str) -> None:
        with record.database.session(owner.actor) as session:
            deadlines.of_plan(session, owner, version["case_id"], name, content)

    return kept_of


def test_limits_outlive_an_assessment_and_end_with_their_plan(
    record: Record, owner: Person, version: dict[str, Any], approve: Any
) -> None:
    case_id = version["case_id"]
    entered(record, owner, case_id, "assessment")
    approve("first")
    limits = kept(record, case_id)["limit"]
    assert set(limits) == {"open"}
    assert kept(record, case_id)["plan"] == ["done"]
    entered(record, owner, case_id, "assessment")
    assert kept(record, case_id)["limit"] == limits
    record.owner(
        "UPDATE deadlines SET status = 'done', done_at = now(), done_by = :u WHERE id ="
        " (SELECT min(id) FROM deadlines WHERE case_id = :c AND kind = 'limit')",
        c=case_id,
        u=owner.id,
    )
    approve("second")
    after = kept(record, case_id)
    assert after["plan"] == ["done", "done"]
    assert sorted(after["limit"]) == sorted(["done"] + ["cancelled", "open"] * (len(limits) - 1))


def test_reopening_ends_every_surveillance_contact(
    record: Record, owner: Person, version: dict[str, Any]
) -> None:
    case_id = version["case_id"]
    with record.database.session(owner.actor) as session:
        deadlines.watch(session, owner, case_id, "closure", "domestic_violence")
    assert set(kept(record, case_id)["surveillance"]) == {"open"}
    entered(record, owner, case_id, "reopening")
    after = kept(record, case_id)
    assert set(after["surveillance"]) == {"cancelled"}
    assert after["screening"] == ["open"]


def test_an_event_of_the_complaint_ends_no_hearing_to_come(record: Record, owner: Person) -> None:
    case_id = record.opened(owner)
    for days in (0, 30):
        at = (now() + timedelta(days=days)).isoformat()
        entered(record, owner, case_id, "court_date", at=at)
    entered(record, owner, case_id, "complaint_event", event="filed")
    assert kept(record, case_id)["court_date"] == ["open", "open"]
    for _ in range(2):
        entered(record, owner, case_id, "complaint_event", event="hearing_held")
    assert sorted(kept(record, case_id)["court_date"]) == ["done", "open"]
    until = (now() + timedelta(days=90)).isoformat()
    entered(record, owner, case_id, "court_document", until=until)
    entered(record, owner, case_id, "court_document")
    assert kept(record, case_id)["order_ends"] == ["open"]


def test_danger_that_somebody_else_finds_is_told_at_once(
    record: Record, owner: Person, colleague: Person
) -> None:
    case_id = record.opened(owner)
    entered(record, colleague, case_id, "surveillance_contact", outcome="not_reached")
    assert kept(record, case_id) == {"contact_again": ["open"]}
    entered(record, colleague, case_id, "surveillance_contact", outcome="recurrence")
    entered(record, colleague, case_id, "visit", safe=False)
    assert kept(record, case_id)["contact_again"] == ["done"]
    assert kept(record, case_id)["recurrence"] == kept(record, case_id)["unsafe"] == ["open"]
    told = record.owner(
        "SELECT count(*) AS n FROM notices WHERE case_id = :c AND user_id = :u"
        " AND kind = 'danger_reported'",
        c=case_id,
        u=owner.id,
    )
    assert told[0].n == 2
    entered(record, owner, case_id, "reopening")
    entered(record, owner, case_id, "reassessment")
    assert kept(record, case_id)["recurrence"] == kept(record, case_id)["unsafe"] == ["done"]


def test_a_second_report_of_danger_moves_the_first_no_further_away(
    record: Record, owner: Person
) -> None:
    case_id = record.opened(owner)
    for _ in range(2):
        entered(record, owner, case_id, "visit", safe=False)
    assert kept(record, case_id)["unsafe"] == ["open", "open"]
    assert kept(record, case_id)["visit"] == ["done", "open"]
    entered(record, owner, case_id, "reassessment")
    assert kept(record, case_id)["unsafe"] == ["done", "done"]


def test_what_is_cancelled_says_why_and_by_whom(record: Record, owner: Person) -> None:
    case_id = record.opened(owner)
    entered(record, owner, case_id, "visit", safe=False)
    kept_by = record.services.casework.deadlines
    (danger,) = [d for d in kept_by.of_case(owner, case_id) if d["kind"] == "unsafe"]
    assert (danger["danger"], danger["may_end"]) == (True, True)
    for nothing in (None, "", "  "):
        with pytest.raises(DeadlineReason):
            kept_by.end(owner, danger["id"], "cancelled", nothing)
    with (
        pytest.raises(IntegrityError, match="cancelled_with_a_reason"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(CALLED_OFF, {"i": danger["id"], "u": owner.id})
    kept_by.end(owner, danger["id"], "cancelled", "ย้ายไปอยู่กับป้าแล้ว")
    (ended,) = [d for d in kept_by.of_case(owner, case_id) if d["id"] == danger["id"]]
    told = (ended["status"], ended["done_name"], ended["reason"], ended["may_end"])
    assert told == ("cancelled", owner.name, "ย้ายไปอยู่กับป้าแล้ว", False)
    assert ended["done_at"] is not None


CALLED_OFF = text(
    "UPDATE deadlines SET status = 'cancelled', done_at = now(), done_by = :u WHERE id = :i"
)


def test_another_agency_answers_only_what_the_database_knows_of(record: Record) -> None:
    """The forms that others may record close and replace these kinds and no more."""
    asked: set[tuple[str, str]] = set()
    for kind, form in casebook("entries")["forms"].items():
        if form["by"] == "own":
            continue
        asked |= {(kind, rule["kind"]) for rule in form.get("closes", ())}
        asked |= {
            (kind, rule["kind"])
            for rule in form.get("starts", ())
            if rule["kind"] not in deadlines.STANDING
        }
        assert not form.get("cancels")
    body = record.owner("SELECT prosrc FROM pg_proc WHERE proname = 'cmis_end_by_entry'")[0].prosrc
    known = re.findall(r"\('(\w+)', '(\w+)'\)", body)
    assert asked == set(known)
