"""Cases counted by step as one set stand where each of them stands alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from cases import entries
from cases.overview import PLANS, Overview
from cases.people import Person
from cases.step_counts import ROWS, StepCounts, needed
from cases.steps import conditions, current_id
from runtime.database import Database
from tests.varied_cases import vary

CASES = 600
OFFICE = """
INSERT INTO agencies (id, name_th, name_en, kind)
    SELECT a, a, a, 'social_office' FROM unnest(ARRAY['own', 'other']) a;
INSERT INTO users (id, login, password_hash, name, role, agency_id)
    SELECT who, who, 'x', who, 'supervisor', split_part(who, '-', 1)
    FROM unnest(ARRAY['own', 'own-second', 'other', 'other-second']) who;
INSERT INTO cases (id, number, agency_id, title, status, urgency, owner_id, received_at)
SELECT 'c' || n, '2569-' || n, a, 'x', 'reviewing', (ARRAY['immediate_1h', '72h'])[1 + n % 2],
    CASE WHEN n % 5 = 0 THEN a || '-second' ELSE a END, now()
FROM (SELECT n, CASE WHEN n % 10 = 0 THEN 'other' ELSE 'own' END AS a
      FROM generate_series(1, :cases) n) made;
"""


@pytest.fixture(scope="module")
def office(make_database: Callable[[], Database]) -> Iterator[Database]:
    """Two agencies whose cases have every kind of record."""
    made = make_database()
    with made.owner_engine.begin() as owner:
        for statement in OFFICE.strip().split(";\n"):
            owner.execute(text(statement), {"cases": CASES} if ":cases" in statement else {})
        vary(owner, "own", "other")
        vary(owner, "other", "own")
    yield made
    made.close()


def person(login: str) -> Person:
    agency = login.partition("-")[0]
    return Person(
        id=login,
        login=login,
        name=login,
        role="supervisor",
        agency_id=agency,
        agency_th="",
        agency_en="",
        language="th",
    )


def one_by_one(office: Database, who: Person, *, mine: bool) -> list[tuple[str, dict[str, bool]]]:
    """The urgency and the conditions of each open case, from its own record."""
    wanted = text(
        "SELECT id, urgency, owner_id FROM cases c WHERE agency_id = :a AND (status <> 'closed' OR"
        " EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id AND d.status = 'open'"
        " AND d.kind = 'surveillance'))"
    )
    with office.session(who.actor) as session:
        return [
            (case.urgency, conditions(entries.facts_of(session, case.id)))
            for case in session.execute(wanted, {"a": who.agency_id}).all()
            if not mine or case.owner_id == who.id
        ]


@pytest.mark.parametrize("login", ["own", "own-second", "other"])
@pytest.mark.parametrize("mine", [False, True])
def test_counted_together_as_one_by_one(office: Database, login: str, mine: bool) -> None:
    who = person(login)
    alone = one_by_one(office, who, mine=mine)
    by_conditions: Counter[Any] = Counter(
        (urgency, frozenset(c for c in needed() if met[c])) for urgency, met in alone
    )
    together: Counter[Any] = Counter()
    with office.session(who.actor) as session:
        for row in ROWS.rows(session, "conditions_met", mine=mine):
            together[row["urgency"], frozenset(row["met"]) & needed()] += row["cases"]
    assert together == by_conditions
    found = {
        (row["step"], urgency): n
        for row in StepCounts(office).of(who, mine=mine)
        for urgency, n in row["urgencies"].items()
    }
    assert found == Counter((current_id(met), urgency) for urgency, met in alone)


def test_the_records_are_varied(office: Database) -> None:
    counted = StepCounts(office).of(person("own"), mine=False)
    assert len(counted) == 9
    assert all(row["urgencies"] for row in counted), [row["urgencies"] for row in counted]


def test_how_far_the_newest_plans_were_changed(office: Database) -> None:
    edits = Overview(office).of(person("own"))["edits"]
    assert len(edits) == PLANS
    assert {row["changed"] for row in edits} == {0.07}
    assert edits == sorted(edits, key=lambda row: row["at"])


def test_who_has_no_home_agency_counts_nothing(office: Database) -> None:
    outside = person("own").model_copy(update={"role": "researcher"})
    assert StepCounts(office).of(outside, mine=False) == []
