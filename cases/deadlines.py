"""Deadlines of a case: stored when something starts them, ended when what they ask for is done.

The planner computes a plan's own limits; steps of the work bring theirs from the forms. Here they
are kept, watched and ended, never computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from cases import audit, repository, taking_back
from cases.casebook import casebook, listed
from cases.casework_errors import DeadlineFixed, DeadlineReason, DeadlineUnseen
from cases.people import Person
from cases.rows import Rows
from cases.taking_back import own
from planner.schemas import Draft
from runtime.clock import now
from runtime.database import Database

SQL = Rows("deadlines")
ONE_BY_ONE = frozenset({"surveillance", "court_date", "notice", "order_ends"})
STANDING = ONE_BY_ONE | {"unsafe", "recurrence"}  # a later one of its kind replaces none of these
EVER = 36_500
PLAN, LIMIT = "plan", "limit"
UNKNOWN_RISK = "medium"
MOST = 200


class Deadlines:
    """Deadlines of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """All of a case, open ones first; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def open_of(self, person: Person, days: int) -> dict[str, Any]:
        """``{items, days, ended}``: open ones due within ``days``, the first 200, counts by day,
        and those ended today whose ending this person may take back."""
        within = {"days": days}
        with self._database.session(person.actor) as session:
            return {
                "items": SQL.rows(session, "open_of_person", **within, limit=MOST),
                "days": SQL.rows(session, "open_by_day", **within),
                "ended": SQL.rows(session, "ended_today", limit=MOST),
            }

    def extend(self, person: Person, deadline_id: str, due: datetime, reason: str) -> None:
        """Put it off to a later moment. Raises `DeadlineFixed` for the law's own, or for a moment
        that is not later; `DeadlineTheirs`, `DeadlineUnseen`."""
        with self._database.session(person.actor) as session:
            found = own(session, person, deadline_id)
            given = {"due": due, "reason": reason, "who": person.id, "name": person.name}
            if SQL.first(session, "extend", id=deadline_id, **given) is None:
                raise DeadlineFixed
            told = {"due": due.isoformat()}
            audit.record(
                session, found["case_id"], person.id, "deadline_extended", deadline_id, told
            )

    def end(
        self,
        person: Person,
        deadline_id: str,
        status: Literal["done", "cancelled"],
        reason: str | None = None,
    ) -> None:
        """Done, or no longer needed, which says why.

        Raises `DeadlineReason`, `DeadlineTheirs` or `DeadlineUnseen`.
        """
        said = (reason or "").strip() or None
        with self._database.session(person.actor) as session:
            found = own(session, person, deadline_id)
            if status == "cancelled" and said is None:
                raise DeadlineReason
            given = {"status": status, "who": person.id, "name": person.name, "reason": said}
            if not SQL.run(session, "end_with_reason", id=deadline_id, **given):
                raise DeadlineUnseen
            told = {"kind": found["kind"]}
            audit.record(
                session, found["case_id"], person.id, f"deadline_{status}", deadline_id, told
            )

    def take_back(self, person: Person, deadline_id: str, reason: str) -> None:
        """Open again what was ended by mistake today; see `taking_back`."""
        with self._database.session(person.actor) as session:
            taking_back.take_back(session, person, deadline_id, reason)


def after_entry(
    session: Session,
    person: Person,
    case: Mapping[str, Any],
    entry: Mapping[str, Any],
    form: Mapping[str, Any],
    last_risk: str | None,
) -> None:
    """End what an entry answers and start what it sets going.

    A rule with ``when`` counts for the named values of a field alone, one with ``at`` where that
    field is filled. Of limits that stand one by one the next is ended, and only once its time is
    near (``early_days``): nobody keeps the contact of next year by one of today. Which limits
    another agency's entry may end, the database says.
    """
    told = entry["content"]
    for rule in form.get("closes", ()):
        if _counts(rule, told):
            _end(session, entry["id"], rule)
    for kind in form.get("cancels", ()):
        _replace(session, entry["id"], kind)
    for rule in form.get("starts", ()):
        if not _counts(rule, told):
            continue
        if rule["kind"] not in STANDING:
            _replace(session, entry["id"], rule["kind"])
        _add(session, person, case["id"], rule, entry["id"], _due(rule, case, entry, last_risk))


def of_plan(
    session: Session, person: Person, case_id: str, version_id: str, content: Mapping[str, Any]
) -> None:
    """The plan is finished: its limits that have a day take the place of the plan's before it.

    What was done under the plan before is not asked for again.
    """
    by = {"case_id": case_id, "who": person.id, "name": person.name, "by": version_id}
    SQL.run(session, "end_kind", kind=PLAN, status="done", **by)
    SQL.run(session, "end_kind", kind=LIMIT, status="cancelled", **by)
    met = {(d["duty_th"], d["due"]) for d in SQL.rows(session, "limits_met", case_id=case_id)}
    for limit in Draft.model_validate(content).deadlines:
        if limit.due is not None and (limit.duty.text, limit.due) not in met:
            rule = {"kind": LIMIT, "th": limit.duty.text, "en": limit.duty.text}
            _add(session, person, case_id, rule, version_id, limit.due, statutory=limit.statutory)


def of_danger(
    session: Session, person: Person, case_id: str, source: str, rule: Mapping[str, Any], level: str
) -> None:
    """A danger came to light: see to it within the hours of its urgency; colleagues are told."""
    due = now() + timedelta(hours=rule["hours"][level])
    _add(session, person, case_id, rule, source, due)


def watch(
    session: Session,
    person: Person,
    case_id: str,
    source: str,
    case_type: str | None,
    reason: str | None = None,
) -> None:
    """After closure every open limit rests and the surveillance contacts are set.

    Nobody is watched whose case closed for a ``reason`` that leaves nobody to contact.
    """
    rules = casebook("entries")["surveillance"]
    known = listed("entries", "case_types").get(case_type or "", {})
    SQL.run(session, "rest_all", case_id=case_id, who=person.id, name=person.name, by=source)
    if reason in rules["not_after"]:
        return
    for months in rules["long_months" if known.get("long_watch") else "months"]:
        due = now() + relativedelta(months=months)
        _add(session, person, case_id, rules, source, due)


def _counts(rule: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether a rule is about what an entry says."""
    named = all(told.get(field) in values for field, values in rule.get("when", {}).items())
    return named and ("at" not in rule or rule["at"] in told)


def _end(session: Session, entry_id: str, rule: Mapping[str, Any]) -> None:
    early = rule.get("early_days", EVER) if rule["kind"] in ONE_BY_ONE else None
    ended = {"entry": entry_id, "kind": rule["kind"], "how": "done"}
    SQL.scalar(session, "end_by_entry", early_days=early, **ended)


def _replace(session: Session, entry_id: str, kind: str) -> None:
    ended = {"entry": entry_id, "kind": kind, "how": "cancelled"}
    SQL.scalar(session, "end_by_entry", early_days=None, **ended)


def _due(
    rule: Mapping[str, Any],
    case: Mapping[str, Any],
    entry: Mapping[str, Any],
    last_risk: str | None,
) -> datetime:
    if "at" in rule:
        return datetime.fromisoformat(entry["content"][rule["at"]])
    hours = rule["hours"]
    if isinstance(hours, dict):
        keys = {
            "risk": entry["content"].get("risk"),
            "last_risk": last_risk or UNKNOWN_RISK,
            None: case["urgency"],
        }
        hours = hours[keys[rule.get("by")]]
    return now() + timedelta(hours=hours)


def _add(
    session: Session,
    person: Person,
    case_id: str,
    rule: Mapping[str, Any],
    source: str,
    due: datetime,
    *,
    statutory: bool = False,
) -> None:
    SQL.run(
        session,
        "add_deadline",
        id=repository.new_id(),
        case_id=case_id,
        kind=rule["kind"],
        duty_th=rule["th"],
        duty_en=rule["en"],
        statutory=statutory,
        source=source,
        due=due,
        who=person.id,
    )
