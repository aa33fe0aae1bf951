"""Open plans that cite entries changed since: found over every agency, and nothing else told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cases.people import Person
from cases.staleness import StalePlan, change_of, stale_plans
from knowledge_base.entries import Entry
from knowledge_base.library import Library
from planner.schemas import Citation, Draft
from tests.integration.record import Record


@pytest.fixture(scope="module")
def drafted(record: Record, owner: Person) -> dict[str, Any]:
    """A version that cites entries of today's library."""
    return record.drafted(owner)


@pytest.fixture(scope="module")
def cited(drafted: dict[str, Any]) -> list[Citation]:
    return list(Draft.model_validate(drafted["content"]).citations)


def other(library: Library, entry_id: str, change: Callable[[Entry], Entry] | None) -> Library:
    """The library of another day: one entry changed, or gone."""
    entries = dict(library.entries)
    was = entries.pop(entry_id)
    if change:
        entries[entry_id] = change(was)
    return replace(library, entries=entries, version="another day")


def plans_of(record: Record, library: Library, drafted: dict[str, Any]) -> list[StalePlan]:
    found = stale_plans(record.database, library)
    return [plan for plan in found if plan.version_id == drafted["id"]]


def reworded(entry: Entry) -> Entry:
    return entry.model_copy(update={"text_th": entry.text_th + " แก้ไขแล้ว"})


def test_nothing_is_stale_on_the_day_it_was_drafted(
    record: Record, drafted: dict[str, Any]
) -> None:
    assert plans_of(record, record.wiring.library, drafted) == []


def test_a_citation_remembers_what_the_entry_said(record: Record, cited: list[Citation]) -> None:
    library = record.wiring.library

    assert cited
    for citation in cited:
        entry = library.resolve(citation.id)
        assert entry is not None
        assert citation.entry_hash == entry.content_hash


def test_a_reworded_entry_makes_the_plans_that_cite_it_stale(
    record: Record, drafted: dict[str, Any], cited: list[Citation]
) -> None:
    wanted = cited[0]
    (plan,) = plans_of(record, other(record.wiring.library, wanted.id, reworded), drafted)

    assert [(c.id, c.change) for c in plan.citations] == [(wanted.id, "changed")]
    assert (plan.agency_id, plan.version, plan.approved) == ("pmj", 1, False)
    assert plan.case_number


def test_an_entry_that_is_gone_is_said_to_be(
    record: Record, drafted: dict[str, Any], cited: list[Citation]
) -> None:
    (plan,) = plans_of(record, other(record.wiring.library, cited[-1].id, None), drafted)

    assert [(c.id, c.change) for c in plan.citations] == [(cited[-1].id, "gone")]


def test_an_entry_nobody_cites_makes_nothing_stale(
    record: Record, drafted: dict[str, Any], cited: list[Citation]
) -> None:
    library = record.wiring.library
    named = {citation.id for citation in cited}
    uncited = next(entry for entry in library.entries if entry not in named)

    assert plans_of(record, other(library, uncited, reworded), drafted) == []


def test_a_review_alone_changes_nothing(
    record: Record, drafted: dict[str, Any], cited: list[Citation]
) -> None:
    later = other(
        record.wiring.library,
        cited[0].id,
        lambda entry: entry.model_copy(update={"reviewed_on": None, "see": (), "file": ""}),
    )

    assert plans_of(record, later, drafted) == []


def test_only_the_newest_version_of_an_open_case_counts(
    record: Record, owner: Person, cited: list[Citation]
) -> None:
    library = other(record.wiring.library, cited[0].id, reworded)
    first = record.drafted(owner)
    record.services.drafting.request(owner, first["case_id"])
    record.work()

    numbers = {
        plan.version
        for plan in stale_plans(record.database, library)
        if plan.case_number == _number(record, first["case_id"])
    }
    assert numbers == {2}
    record.owner("UPDATE cases SET status = 'closed' WHERE id = :id", id=first["case_id"])
    left = {plan.case_number for plan in stale_plans(record.database, library)}
    assert _number(record, first["case_id"]) not in left


def test_plans_of_every_agency_are_found(record: Record, cited: list[Citation]) -> None:
    shelter = record.drafted(record.person("malee.bpd"))
    library = other(record.wiring.library, cited[0].id, reworded)

    agencies = {plan.agency_id for plan in stale_plans(record.database, library)}
    assert {"pmj", "bpd"} <= agencies
    assert plans_of(record, library, shelter)


def test_a_citation_without_a_hash_is_compared_by_its_words(
    record: Record, cited: list[Citation]
) -> None:
    old = cited[0].model_copy(update={"entry_hash": ""})
    library = record.wiring.library

    assert change_of(old, library) is None
    assert change_of(old, other(library, old.id, reworded)) == "changed"
    official = old.model_copy(update={"official": True, "passage": "ตัวบทของกฎหมาย"})
    assert change_of(official, library) is None
    assert change_of(official.model_copy(update={"confidence": "unverified"}), library) == "changed"


def _number(record: Record, case_id: str) -> str:
    ((number,),) = record.owner("SELECT number FROM cases WHERE id = :id", id=case_id)
    return str(number)
